"""Which pods of a StatefulSet to create or delete next. Pure.

Rules: https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.history import POD_HASH


@dataclass(frozen=True)
class StatefulSetFacts:
    """current, update: names of the revisions before and after the rolling update that runs, if one does.
    by_ordinal: the set's pods."""

    spec: dict
    current: str
    update: str
    by_ordinal: Mapping[int, dict]
    moment: datetime

    @property
    def ordinals(self) -> range:
        start = (self.spec.get("ordinals") or {}).get("start", 0)
        return range(start, start + self.spec.get("replicas", 1))

    @property
    def is_ordered(self) -> bool:
        return self.spec.get("podManagementPolicy", "OrderedReady") == "OrderedReady"

    @property
    def is_rolling(self) -> bool:
        return self.spec.get("updateStrategy", {}).get("type", "RollingUpdate") == "RollingUpdate"

    @property
    def first_updated(self) -> int:
        """The ordinal from which on pods get the new revision."""
        rolling = self.spec.get("updateStrategy", {}).get("rollingUpdate") or {}
        return self.ordinals.start + (rolling.get("partition", 0) if self.is_rolling else 0)

    def revision_for(self, ordinal: int) -> str:
        return self.current if ordinal < self.first_updated else self.update

    def is_available(self, pod: dict) -> bool:
        return pods.is_available(pod, self.spec, self.moment)


@dataclass(frozen=True)
class StatefulSetPlan:
    """create: (ordinal, revision name) pairs; delete: pod names."""

    create: Sequence[tuple[int, str]] = ()
    delete: Sequence[str] = field(default_factory=list)


def decide(facts: StatefulSetFacts) -> StatefulSetPlan:
    """One pod at a time if the set is ordered; all that are due if its pods are managed in parallel."""
    create = [
        (ordinal, facts.revision_for(ordinal)) for ordinal in facts.ordinals if _is_missing(facts, ordinal)
    ]
    if not facts.is_ordered:
        delete = [*_ended(facts), *_condemned(facts)]
        return StatefulSetPlan(create, delete or ([] if create else _outdated(facts)))
    return _next_in_order(facts)


def _next_in_order(facts: StatefulSetFacts) -> StatefulSetPlan:
    for ordinal in facts.ordinals:
        pod = facts.by_ordinal.get(ordinal)
        if pod is None:
            return StatefulSetPlan(create=[(ordinal, facts.revision_for(ordinal))])
        if pods.is_finished(pod) and not owners.is_deleted(pod):
            return StatefulSetPlan(delete=[pod["metadata"]["name"]])
        if not facts.is_available(pod):
            return StatefulSetPlan()
    surplus = _surplus(facts)
    if surplus:
        return StatefulSetPlan(
            delete=[] if owners.is_deleted(surplus[0]) else [surplus[0]["metadata"]["name"]]
        )
    return StatefulSetPlan(delete=_outdated(facts))


def _is_missing(facts: StatefulSetFacts, ordinal: int) -> bool:
    return ordinal not in facts.by_ordinal


def _ended(facts: StatefulSetFacts) -> list[str]:
    pods_by_ordinal = (facts.by_ordinal.get(ordinal) for ordinal in facts.ordinals)
    return [
        pod["metadata"]["name"]
        for pod in pods_by_ordinal
        if pod and pods.is_finished(pod) and not owners.is_deleted(pod)
    ]


def _surplus(facts: StatefulSetFacts) -> list[dict]:
    """Pods beyond the wanted ordinals, highest first."""
    return [
        facts.by_ordinal[ordinal]
        for ordinal in sorted(facts.by_ordinal, reverse=True)
        if ordinal not in facts.ordinals
    ]


def _condemned(facts: StatefulSetFacts) -> list[str]:
    return [pod["metadata"]["name"] for pod in _surplus(facts) if not owners.is_deleted(pod)]


def _outdated(facts: StatefulSetFacts) -> list[str]:
    """The highest pod of an old revision, once every pod above it is available again."""
    if not facts.is_rolling:
        return []
    for ordinal in reversed(facts.ordinals):
        pod = facts.by_ordinal[ordinal]
        if ordinal < facts.first_updated or owners.is_deleted(pod):
            return []
        if revision_of(pod) != facts.update:
            return [pod["metadata"]["name"]]
        if not facts.is_available(pod):
            return []
    return []


def revision_of(pod: dict) -> str | None:
    return (pod["metadata"].get("labels") or {}).get(POD_HASH)


def status(facts: StatefulSetFacts, before: dict, generation: int) -> dict:
    """The counts; once all pods are of the new revision and ready, it becomes the current one."""
    owned = list(facts.by_ordinal.values())
    living = [pod for pod in owned if not owners.is_deleted(pod)]
    counts = {
        "readyReplicas": sum(map(pods.is_ready, owned)),
        "currentReplicas": sum(revision_of(pod) == facts.current for pod in living),
        "updatedReplicas": sum(revision_of(pod) == facts.update for pod in living),
    }
    current = facts.current
    if facts.is_rolling and counts["updatedReplicas"] == counts["readyReplicas"] == len(owned):
        current, counts["currentReplicas"] = facts.update, counts["updatedReplicas"]
    return {
        "observedGeneration": generation,
        "replicas": len(owned),
        "availableReplicas": sum(map(facts.is_available, owned)),
        "currentRevision": current,
        "updateRevision": facts.update,
        "collisionCount": before.get("collisionCount", 0),
    } | {key: value for key, value in counts.items() if value}
