"""Kubernetes objects as small as the tests need them, and a hand to apply them."""

import json

from tests.e2e.kubectl import Kubectl

FOREVER = "import time; time.sleep(3600)"


def apply(kubectl: Kubectl, namespace: str, *objects: dict) -> str:
    manifest = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
    return kubectl.ok("apply", "--namespace", namespace, "-f", "-", stdin=json.dumps(manifest))


def read(kubectl: Kubectl, namespace: str, *what: str) -> dict:
    return json.loads(kubectl.ok("get", "--namespace", namespace, *what, "-o", "json"))


def python(image: str, script: str = FOREVER, **more) -> dict:
    """A container that runs a Python script."""
    return {"name": "main", "image": image, "command": ["python3", "-u", "-c", script], **more}


def pod_spec(*containers: dict, **more) -> dict:
    return {"terminationGracePeriodSeconds": 0, "containers": list(containers), **more}


def pod(name: str, *containers: dict, **more) -> dict:
    metadata = {"name": name, "labels": {"app": name}}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": pod_spec(*containers, **more)}


def once(name: str, *containers: dict, **more) -> dict:
    """A pod that runs to its end."""
    return pod(name, *containers, restartPolicy="Never", **more)


def workload(kind: str, name: str, template: dict, replicas: int = 1, **more) -> dict:
    """A Deployment or a StatefulSet over pods labelled ``app: NAME``."""
    labels = {"app": name}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, **more}
    spec["template"] = {"metadata": {"labels": labels}, "spec": template}
    return {"apiVersion": "apps/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}


def web(image: str, **more) -> dict:
    """The demo server as a container, ready when /ready answers."""
    probe = {"httpGet": {"path": "/ready", "port": 8080}, "periodSeconds": 1}
    return {
        "name": "web",
        "image": image,
        "ports": [{"containerPort": 8080}],
        "readinessProbe": probe,
        **more,
    }


def service(name: str, **more) -> dict:
    spec = {"selector": {"app": name}, "ports": [{"port": 80, "targetPort": 8080}], **more}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def config_map(name: str, **data: str) -> dict:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def secret(name: str, **data: str) -> dict:
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "stringData": data}
