"""Objects that a drill brings beside a project's own, as manifests. Pure."""

import json

_USER = 10001


def quota(name: str, **hard: int) -> str:
    """A namespace has room for so many objects of some resources, such as ``pods``."""
    spec = {"hard": {resource: str(most) for resource, most in hard.items()}}
    return _manifest("v1", "ResourceQuota", name, spec)


def deployment_without_pods(name: str, image: str) -> str:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "none", "image": image}]}}
    spec = {"replicas": 0, "selector": {"matchLabels": labels}, "template": template}
    return _manifest("apps/v1", "Deployment", name, spec)


def job_gone_at_its_end(name: str, image: str) -> str:
    """image: one that has the program `true`."""
    container = {"name": "job", "image": image, "command": ["true"], "securityContext": _CONFINED}
    pod = {"restartPolicy": "Never", "securityContext": _UNPRIVILEGED, "containers": [container]}
    return _manifest("batch/v1", "Job", name, {"ttlSecondsAfterFinished": 0, "template": {"spec": pod}})


_UNPRIVILEGED = {"runAsNonRoot": True, "runAsUser": _USER, "seccompProfile": {"type": "RuntimeDefault"}}
_CONFINED = {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}}


def _manifest(version: str, kind: str, name: str, spec: dict) -> str:
    return json.dumps({"apiVersion": version, "kind": kind, "metadata": {"name": name}, "spec": spec})
