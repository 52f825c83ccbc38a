"""How many pods a replica set creates, or which ones it deletes, and its status. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Selector
from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.conditions import put, without

_COST = "controller.kubernetes.io/pod-deletion-cost"
_PHASES = ("Pending", "Unknown", "Running")


@dataclass(frozen=True)
class ReplicaSetPlan:
    """create: how many pods. delete: names of pods."""

    create: int = 0
    delete: tuple[str, ...] = ()


def decide(replica_set: dict, owned: Sequence[dict]) -> ReplicaSetPlan:
    """owned: the pods that the replica set controls, in any state."""
    active = [pod for pod in owned if pods.is_active(pod)]
    missing = replica_set["spec"].get("replicas", 1) - len(active)
    if owners.is_deleted(replica_set) or not missing:
        return ReplicaSetPlan()
    if missing > 0:
        return ReplicaSetPlan(create=missing)
    ranked = sorted(active, key=victim_rank)
    return ReplicaSetPlan(delete=tuple(pod["metadata"]["name"] for pod in ranked[:-missing]))


def victim_rank(pod: dict) -> tuple:
    """Pods sort by how little is lost with them.

    Order: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#scaling-a-replicaset
    """
    ready = pods.condition(pod, "Ready")
    since = times.parse(ready["lastTransitionTime"]).timestamp() if ready and pods.is_ready(pod) else 0
    return (
        bool(pod["spec"].get("nodeName")),
        _PHASES.index(pods.phase(pod)),
        pods.is_ready(pod),
        int((pod["metadata"].get("annotations") or {}).get(_COST, 0)),
        -since,
        -pods.restarts(pod),
        -times.parse(pod["metadata"]["creationTimestamp"]).timestamp(),
        pod["metadata"]["name"],
    )


def status(replica_set: dict, owned: Sequence[dict], moment: datetime, failure: dict | None) -> dict:
    """failure: {reason, message} of what could not be done in this step."""
    active = [pod for pod in owned if pods.is_active(pod)]
    wait = replica_set["spec"].get("minReadySeconds", 0)
    labels = Selector.of(replica_set["spec"]["template"]["metadata"].get("labels") or {})
    counts = {
        "fullyLabeledReplicas": sum(labels.matches(pod["metadata"].get("labels")) for pod in active),
        "readyReplicas": sum(map(pods.is_ready, active)),
        "availableReplicas": sum(pods.seconds_until_available(pod, wait, moment) == 0 for pod in active),
        "conditions": _conditions(replica_set, failure, moment),
    }
    return {
        "replicas": len(active),
        "terminatingReplicas": sum(map(pods.is_terminating, owned)),
        "observedGeneration": replica_set["metadata"].get("generation", 1),
    } | {key: value for key, value in counts.items() if value}


def _conditions(replica_set: dict, failure: dict | None, moment: datetime) -> list[dict]:
    before = replica_set.get("status", {}).get("conditions") or []
    if not failure:
        return without(before, "ReplicaFailure")
    news = {"type": "ReplicaFailure", "status": "True"} | failure
    # The message names a pod whose name is new each time; written each time, it would undo the back-off.
    return put(before, news, moment, told_by=("status", "reason"))
