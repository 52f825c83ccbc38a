"""Kubernetes and Argo CD objects as a cluster answers them, cut down to what is read."""

import hashlib

from scripts.image import ImageRef


def digest(text: str) -> str:
    """The digest that every registry of these tests gives to a text."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def application(revision: str, sync="Synced", health="Healthy", phase="Succeeded", **more) -> dict:
    """more: conditions, message (of the operation), operation (its revision), annotations, automated."""
    status = {
        "sync": {"status": sync, "revision": revision},
        "health": {"status": health},
        "operationState": {
            "phase": phase,
            "message": more.get("message", "successfully synced"),
            "syncResult": {"revision": more.get("operation", revision)},
        },
        "conditions": more.get("conditions", []),
        "resources": [
            {"kind": "Deployment", "name": "front", "status": sync, "health": {"status": health}},
            {"kind": "Service", "name": "front", "status": "Synced"},
        ],
    }
    policy = {"automated": {}} if more.get("automated", True) else {}
    metadata = {"name": "vote-dev", "annotations": more.get("annotations", {})}
    return {"kind": "Application", "metadata": metadata, "spec": {"syncPolicy": policy}, "status": status}


def deployment(image: ImageRef, replicas=2, updated=2, available=2, generation=3, observed=3) -> dict:
    counts = {"replicas": max(replicas, updated), "updatedReplicas": updated, "availableReplicas": available}
    return {
        "kind": "Deployment",
        "metadata": {"name": "front", "generation": generation},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "front"}},
            "template": {"spec": {"containers": [{"name": "front", "image": str(image)}]}},
        },
        "status": {"observedGeneration": observed, **counts},
    }


def pod(name: str, image: ImageRef, ready=True, waiting: dict | None = None, **metadata) -> dict:
    """waiting: the container's reason and message, if it does not run."""
    state = {"waiting": waiting} if waiting else {"running": {}}
    image_id = "" if waiting else f"{image.name}@{image.digest}"
    return {
        "kind": "Pod",
        "metadata": {"name": name, "labels": {"app": "front"}, **metadata},
        "spec": {"containers": [{"name": "front", "image": str(image)}]},
        "status": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [{"name": "front", "imageID": image_id, "state": state}],
        },
    }


def namespace(image: ImageRef, **more) -> list[dict]:
    """A Deployment that has rolled out, and its pods."""
    return [deployment(image, **more), pod("front-1", image), pod("front-2", image)]
