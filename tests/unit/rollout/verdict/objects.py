"""Kubernetes objects as an API server gives them, cut down to what is read."""

LONG_AGO, NOW = "2026-01-01T00:00:00Z", "2099-01-01T00:00:00Z"
TEMPLATE = {
    "metadata": {"labels": {"app": "web"}},
    "spec": {
        "containers": [{"name": "web", "image": "registry/web:2", "readinessProbe": {"periodSeconds": 1}}]
    },
}
CRASHED = {"terminated": {"exitCode": 3, "reason": "Error"}}
BACKS_OFF = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 20s restarting failed container"}}


def deployment(replicas=2, updated=2, available=2, generation=2, observed=2, **status) -> dict:
    counts = {"replicas": updated, "updatedReplicas": updated, "availableReplicas": available}
    return {
        "kind": "Deployment",
        "metadata": {"name": "web", "uid": "d", "generation": generation},
        "spec": {"replicas": replicas, "template": TEMPLATE},
        "status": {"observedGeneration": observed, **counts, **status},
    }


def replica_set(name="web-new", template=TEMPLATE, **status) -> dict:
    labelled = template["metadata"]["labels"] | {"pod-template-hash": name}
    return {
        "kind": "ReplicaSet",
        "metadata": {"name": name, "uid": f"uid-{name}", "ownerReferences": [owner("d")]},
        "spec": {"template": {**template, "metadata": {**template["metadata"], "labels": labelled}}},
        "status": status,
    }


def pod(
    name="web-new-1", owned_by="uid-web-new", ready=True, state=None, restarts=0, last=None, **more
) -> dict:
    """state: of its container, by default running since long ago. more: conditions, containers, labels."""
    state = state or {"running": {"startedAt": more.get("since", LONG_AGO)}}
    status = {
        "name": "web",
        "ready": ready,
        "restartCount": restarts,
        "state": state,
        "lastState": last or {},
    }
    waits_only = "waiting" in state and not last
    status["containerID"] = "" if waits_only else f"containerd://{name}-{restarts}"
    conditions = [{"type": "Ready", "status": str(ready)}, *more.get("conditions", [])]
    return {
        "kind": "Pod",
        "metadata": {
            "name": name,
            "uid": f"uid-{name}",
            "labels": more.get("labels", {}),
            "ownerReferences": [owner(owned_by)],
        },
        "spec": {"containers": more.get("containers", TEMPLATE["spec"]["containers"])},
        "status": {"phase": "Running", "conditions": conditions, "containerStatuses": [status]},
    }


def event(uid: str, reason: str, message: str, at="2026-01-01T00:00:00Z", **more) -> dict:
    fields = {"reason": reason, "message": message, "lastTimestamp": at, "type": "Warning"}
    return {
        "kind": "Event",
        "metadata": {"name": f"{uid}.{reason}"},
        "involvedObject": {"uid": uid},
        **fields,
        **more,
    }


def owner(uid: str) -> dict:
    return {"uid": uid, "controller": True}


def rolled_out() -> list[dict]:
    """A Deployment of two pods that have run for long."""
    return [deployment(), replica_set(), pod("web-new-1"), pod("web-new-2")]
