"""Deletion, decided: an object is removed at once, or marked and left to its finalizers or its node."""

from datetime import timedelta

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

FOREGROUND, ORPHAN = "foregroundDeletion", "orphan"
_BY_PROPAGATION = {"Foreground": FOREGROUND, "Orphan": ORPHAN}


def mark(kind: Kind, item: dict, grace: int | None, propagation: str | None) -> bool:
    """Prepare an object for its deletion; False if nothing holds it, so that it can be removed now.

    grace: seconds, or None for the pod's own. propagation: Background, Foreground, Orphan or None.
    """
    metadata = item["metadata"]
    _set_finalizers(metadata, propagation)
    grace = _grace(item, grace) if kind == kinds.POD else 0
    if kind == kinds.NAMESPACE:
        item.setdefault("status", {})["phase"] = "Terminating"
    if not is_held(kind, item) and not grace:
        return False
    _set_deadline(kind, metadata, grace)
    return True


def is_held(kind: Kind, item: dict) -> bool:
    """Whether a finalizer keeps the object."""
    if item["metadata"].get("finalizers"):
        return True
    return kind == kinds.NAMESPACE and bool(item.get("spec", {}).get("finalizers"))


def finished(kind: Kind, item: dict) -> bool:
    """Whether an object that was marked can go: no finalizer, and no container that a node still stops."""
    metadata = item["metadata"]
    waits = kind == kinds.POD and metadata.get("deletionGracePeriodSeconds")
    return "deletionTimestamp" in metadata and not waits and not is_held(kind, item)


def _set_finalizers(metadata: dict, propagation: str | None) -> None:
    if propagation is None:
        return
    finalizer = _BY_PROPAGATION.get(propagation)
    kept = [name for name in metadata.get("finalizers", ()) if name not in _BY_PROPAGATION.values()]
    if finalizer:
        kept.append(finalizer)
    metadata.pop("finalizers", None)
    if kept:
        metadata["finalizers"] = kept


def _grace(pod: dict, asked: int | None) -> int:
    spec, phase = pod["spec"], pod.get("status", {}).get("phase")
    # No node, or nothing that runs: nobody would report the end.
    if not spec.get("nodeName") or phase in ("Succeeded", "Failed"):
        return 0
    return spec.get("terminationGracePeriodSeconds", 30) if asked is None else max(asked, 0)


def _set_deadline(kind: Kind, metadata: dict, grace: int) -> None:
    earlier = metadata.get("deletionGracePeriodSeconds")
    if "deletionTimestamp" in metadata and (earlier or 0) <= grace:
        return
    metadata["deletionTimestamp"] = times.stamp(times.now() + timedelta(seconds=grace))
    if kind != kinds.NAMESPACE:
        metadata["deletionGracePeriodSeconds"] = grace
    if "generation" in metadata:
        metadata["generation"] += 1
