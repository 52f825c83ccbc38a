"""Facts about a pod that more than one controller asks for, and pods made from a template."""

from collections.abc import Iterable
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers import conditions, owners
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

FINISHED = ("Succeeded", "Failed")


def phase(pod: dict) -> str:
    return pod.get("status", {}).get("phase", "Pending")


def is_finished(pod: dict) -> bool:
    return phase(pod) in FINISHED


def is_active(pod: dict) -> bool:
    """Neither finished nor being deleted."""
    return not is_finished(pod) and not owners.is_deleted(pod)


def is_terminating(pod: dict) -> bool:
    return owners.is_deleted(pod) and not is_finished(pod)


def condition(item: dict, name: str) -> dict | None:
    return conditions.find(item.get("status", {}).get("conditions") or (), name)


def is_ready(pod: dict) -> bool:
    ready = condition(pod, "Ready")
    return ready is not None and ready["status"] == "True"


def seconds_until_available(pod: dict, min_ready_seconds: int, moment: datetime) -> float | None:
    """0 if the pod is available: ready for minReadySeconds; None while it is not ready."""
    ready = condition(pod, "Ready")
    if not is_ready(pod) or ready is None:
        return None
    if not min_ready_seconds:
        return 0
    return max(0, min_ready_seconds - times.seconds_since(ready["lastTransitionTime"], moment))


def is_available(pod: dict, spec: dict, moment: datetime) -> bool:
    """Whether a controller with this spec counts on the pod: it is available, and stays."""
    wait = spec.get("minReadySeconds", 0)
    return not owners.is_deleted(pod) and seconds_until_available(pod, wait, moment) == 0


def next_available(pods: Iterable[dict], min_ready_seconds: int, moment: datetime) -> float | None:
    """Seconds until the next ready pod counts as available; None if none is waiting for that."""
    waits = [seconds_until_available(pod, min_ready_seconds, moment) for pod in pods]
    return min((wait for wait in waits if wait), default=None)


def restarts(pod: dict) -> int:
    return sum(
        status.get("restartCount", 0) for status in pod.get("status", {}).get("containerStatuses") or ()
    )


def from_template(kind: Kind, owner: dict, template: dict) -> dict:
    """A pod for a controller, named by the server."""
    metadata = template.get("metadata") or {}
    kept = {key: metadata[key] for key in ("labels", "annotations", "finalizers") if metadata.get(key)}
    return {
        "metadata": kept
        | {
            "generateName": f"{owner['metadata']['name']}-",
            "namespace": owner["metadata"]["namespace"],
            "ownerReferences": [owners.reference(kind, owner)],
        },
        "spec": template["spec"],
    }
