"""How each kind of workload says that it has rolled out, and which pods are of its new revision."""

from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.rollout.verdict.objects import Objects


@dataclass(frozen=True)
class Reading:
    """waits_for: "" if it has rolled out. pods: of the new revision; ``wanted``: how many in the end. maker:
    the uid of what makes them."""

    waits_for: str
    pods: list[dict]
    maker: str
    wanted: int = 0
    stalled: str = ""
    refused: str = ""
    failed: str = ""


def _conditions(item: dict) -> dict[str, dict]:
    return {one["type"]: one for one in item.get("status", {}).get("conditions") or []}


def _living(pods: list[dict]) -> list[dict]:
    """Without those that are being deleted or have ended: their controller replaces them."""
    ended = ("Succeeded", "Failed")
    return [
        one
        for one in pods
        if "deletionTimestamp" not in one["metadata"] and one.get("status", {}).get("phase") not in ended
    ]


def _hash(item: dict) -> str:
    return (item["metadata"].get("labels") or {}).get("controller-revision-hash", "")


def _deployment(item: dict, seen: Objects) -> Reading:
    current = _replica_set(item, seen)
    if current is None:
        return Reading("its ReplicaSet", [], "")
    uid, name = current["metadata"]["uid"], current["metadata"]["name"]
    progress = _conditions(item).get("Progressing", {})
    # After a change of the template this condition may still tell of the revision before: it names its own.
    late = progress.get("reason") == "ProgressDeadlineExceeded" and f'"{name}"' in progress.get("message", "")
    failure = _conditions(current).get("ReplicaFailure", {})
    return Reading(
        "it is paused" if item["spec"].get("paused") else _replaced(item),
        _living(seen.owned("Pod", uid)),
        uid,
        item["spec"].get("replicas", 1),
        stalled=progress["message"] if late else "",
        refused=failure.get("message", "") if failure.get("status") == "True" else "",
    )


def _replica_set(item: dict, seen: Objects) -> dict | None:
    """The one whose template is the Deployment's: how the Deployment controller itself finds it."""
    owned = seen.owned("ReplicaSet", item["metadata"]["uid"])
    same = [one for one in owned if _without_hash(one["spec"]["template"]) == item["spec"]["template"]]
    return min(same, key=lambda one: one["metadata"].get("creationTimestamp", ""), default=None)


def _without_hash(template: dict) -> dict:
    metadata = template.get("metadata", {})
    labels = {
        key: value for key, value in (metadata.get("labels") or {}).items() if key != "pod-template-hash"
    }
    return {**template, "metadata": {**metadata, "labels": labels}}


def _replaced(item: dict) -> str:
    """As `kubectl rollout status` counts: all new, none old, all available."""
    status, wanted = item.get("status", {}), item["spec"].get("replicas", 1)
    updated, available = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    if updated < wanted:
        return f"{updated} of {wanted} new pods made"
    if status.get("replicas", 0) > updated:
        return f"{status['replicas'] - updated} old pods to go"
    return f"{available} of {updated} new pods available" if available < updated else ""


def _stateful_set(item: dict, seen: Objects) -> Reading:
    uid, revision = item["metadata"]["uid"], item.get("status", {}).get("updateRevision", "")
    pods = [one for one in _living(seen.owned("Pod", uid)) if _hash(one) == revision]
    new = _to_be_new(item["spec"])
    return Reading(_ordered(item, new), pods, uid, new)


def _to_be_new(spec: dict) -> int:
    """How many pods of a StatefulSet its controller brings to the new revision by itself."""
    strategy = spec.get("updateStrategy", {})
    if strategy.get("type", "RollingUpdate") != "RollingUpdate":
        return 0
    kept = (strategy.get("rollingUpdate") or {}).get("partition") or 0
    return max(spec.get("replicas", 1) - kept, 0)


def _ordered(item: dict, new: int) -> str:
    status, wanted = item.get("status", {}), item["spec"].get("replicas", 1)
    ready = status.get("readyReplicas", 0)
    if ready < wanted:
        return f"{ready} of {wanted} pods ready"
    settled = status.get("updateRevision") == status.get("currentRevision")
    updated = wanted if settled else status.get("updatedReplicas", 0)
    if updated < new:
        return f"{updated} of {new} new pods made"
    available = status.get("availableReplicas", ready)
    return f"{available} of {wanted} pods available" if available < wanted else ""


def _daemon_set(item: dict, seen: Objects) -> Reading:
    uid, status = item["metadata"]["uid"], item.get("status", {})
    revisions = seen.owned("ControllerRevision", uid)
    newest = _hash(max(revisions, key=lambda one: one["revision"])) if revisions else ""
    pods = [one for one in _living(seen.owned("Pod", uid)) if _hash(one) == newest]
    wanted, available = status.get("desiredNumberScheduled", 0), status.get("numberAvailable", 0)
    updated = status.get("updatedNumberScheduled", 0)
    rolling = item["spec"].get("updateStrategy", {}).get("type", "RollingUpdate") == "RollingUpdate"
    waits_for = f"{available} of {wanted} pods available" if available < wanted else ""
    if rolling and updated < wanted:
        waits_for = f"{updated} of {wanted} new pods made"
    return Reading(waits_for, pods, uid, wanted if rolling else 0)


def _job(item: dict, seen: Objects) -> Reading:
    uid, conditions = item["metadata"]["uid"], _conditions(item)
    pods = [one for one in seen.owned("Pod", uid) if one.get("status", {}).get("phase") != "Succeeded"]
    failed = conditions.get("Failed", {})
    if failed.get("status") == "True":
        return Reading("it failed", pods, uid, failed=f"{failed.get('reason')}: {failed.get('message')}")
    return Reading("" if conditions.get("Complete", {}).get("status") == "True" else "its end", pods, uid)


READ: dict[str, Callable[[dict, Objects], Reading]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "Job": _job,
}
