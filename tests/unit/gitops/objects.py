"""Kubernetes and Argo CD objects as a cluster answers them, cut down to what is read."""

import hashlib

from aks_flow.core.image_ref import ImageRef


def digest(text: str) -> str:
    """The digest that every registry of these tests gives to a text."""
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def application(revision: str, sync="Synced", health="Healthy", phase="Succeeded", **more) -> dict:
    """more: conditions, message (of the operation), operation (its revision), asked (the revision of one that
    is still to begin), annotations, automated, kept (StatefulSets that the commit has no more), results (of
    the sync)."""
    status = {
        "sync": {"status": sync, "revision": revision},
        "health": {"status": health},
        "operationState": {
            "phase": phase,
            "message": more.get("message", "successfully synced"),
            "startedAt": "2026-01-01T00:00:00Z",
            "syncResult": {
                "revision": more.get("operation", revision),
                "resources": more.get("results", []),
            },
        },
        "conditions": more.get("conditions", []),
        "resources": [
            {"kind": "Deployment", "name": "front", "status": sync, "health": {"status": health}},
            {"kind": "Service", "name": "front", "status": "Synced"},
        ],
    }
    status["resources"] += [
        stateful(name, status="OutOfSync", requiresPruning=True) for name in more.get("kept", ())
    ]
    policy = {"automated": {}} if more.get("automated", True) else {}
    metadata = {"name": "vote-dev", "annotations": more.get("annotations", {})}
    item = {"kind": "Application", "metadata": metadata, "spec": {"syncPolicy": policy}, "status": status}
    return item | ({"operation": {"sync": {"revision": more["asked"]}}} if "asked" in more else {})


def stateful(name: str, **more) -> dict:
    """An entry of an Application's status."""
    return {"group": "apps", "kind": "StatefulSet", "name": name, **more}


def deployment(image: ImageRef, replicas=2, updated=2, available=2, generation=3, observed=3) -> dict:
    counts = {"replicas": max(replicas, updated), "updatedReplicas": updated, "availableReplicas": available}
    return {
        "kind": "Deployment",
        "metadata": {"name": "front", "uid": "front", "generation": generation},
        "spec": {
            "replicas": replicas,
            "selector": {"matchLabels": {"app": "front"}},
            "template": template(image),
        },
        "status": {"observedGeneration": observed, **counts},
    }


def template(image: ImageRef) -> dict:
    container = {"name": "front", "image": str(image), "readinessProbe": {"periodSeconds": 1}}
    return {"metadata": {"labels": {"app": "front"}}, "spec": {"containers": [container]}}


def replica_set(image: ImageRef) -> dict:
    """The one of the Deployment that runs an image."""
    owner = {"uid": "front", "controller": True}
    metadata = {"name": f"front-{image.tag}", "uid": image.tag, "ownerReferences": [owner]}
    return {"kind": "ReplicaSet", "metadata": metadata, "spec": {"template": template(image)}}


def pod(name: str, image: ImageRef, ready=True, waiting: dict | None = None, **metadata) -> dict:
    """waiting: the container's reason and message, if it does not run."""
    state = {"waiting": waiting} if waiting else {"running": {"startedAt": "2026-01-01T00:00:00Z"}}
    known = {"imageID": "" if waiting else f"{image.name}@{image.digest}", "restartCount": 0}
    labels = {"labels": {"app": "front"}, "ownerReferences": [{"uid": image.tag, "controller": True}]}
    return {
        "kind": "Pod",
        "metadata": {"name": name, "uid": name, **labels, **metadata},
        "spec": template(image)["spec"],
        "status": {
            "phase": "Running",
            "conditions": [{"type": "Ready", "status": str(ready)}],
            "containerStatuses": [{"name": "front", "state": state, "ready": ready, **known}],
        },
    }


def namespace(image: ImageRef, **more) -> list[dict]:
    """A Deployment that has rolled out, and its pods."""
    pods = [pod("front-1", image), pod("front-2", image)]
    return [deployment(image, **more), replica_set(image), *pods]
