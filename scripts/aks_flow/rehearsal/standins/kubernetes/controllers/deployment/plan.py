"""What a Deployment's controller does next, from the Deployment, its replica sets and its pods. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment import (
    revisions,
    rolling,
    scaling,
    strategy,
)
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.rolling import SizedReplicaSet
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.strategy import ReplicaTarget


@dataclass(frozen=True)
class DeploymentFacts:
    """A Deployment, the replica sets that it controls, and their pods."""

    deployment: dict
    sets: Sequence[dict]
    pods: Sequence[dict] = ()

    @property
    def spec(self) -> dict:
        return self.deployment["spec"]

    @cached_property
    def target(self) -> ReplicaTarget:
        return strategy.target(self.spec)

    @cached_property
    def current(self) -> dict | None:
        return revisions.find_current(self.deployment, self.sets)

    @cached_property
    def old(self) -> list[dict]:
        current = self.current
        return [replica_set for replica_set in self.sets if replica_set is not current]


@dataclass(frozen=True)
class DeploymentPlan:
    """create: a replica set. resize: sizes by set name. annotate: the current set's new annotations;
    its minReadySeconds is brought in line at the same time.
    delete: names of sets that fell out of the revision history."""

    create: dict | None = None
    resize: dict[str, int] = field(default_factory=dict)
    annotate: dict[str, str] | None = None
    delete: tuple[str, ...] = ()


def decide(facts: DeploymentFacts) -> DeploymentPlan:
    """The next step; nothing to do gives an empty plan."""
    if owners.is_deleted(facts.deployment):
        return DeploymentPlan()
    number = revisions.next_revision(facts.old)
    annotate = _changed_annotations(facts, number)
    resize = _scaled_sizes(facts)
    if facts.spec.get("paused"):
        return DeploymentPlan(resize=resize, annotate=annotate, delete=outdated(facts))
    if resize:
        return DeploymentPlan(resize=resize, annotate=annotate)
    if strategy.is_recreate(facts.spec):
        return _recreate_step(facts, number, annotate)
    return _rolling_step(facts, number, annotate)


def _changed_annotations(facts: DeploymentFacts, number: int) -> dict[str, str] | None:
    current = facts.current
    if current is None:
        return None
    annotations = revisions.synced_annotations(facts.deployment, current, number)
    same_wait = current["spec"].get("minReadySeconds", 0) == facts.spec.get("minReadySeconds", 0)
    return None if same_wait and annotations == revisions.annotations(current) else annotations


def _scaled_sizes(facts: DeploymentFacts) -> dict[str, int]:
    new, old = _sized(facts.current), [sized(replica_set) for replica_set in facts.old]
    if not facts.spec.get("paused") and not scaling.is_due(facts.target, [*old, *([new] if new else ())]):
        return {}
    proportional = not strategy.is_recreate(facts.spec)
    sizes = scaling.scaled_sizes(facts.target, new, old, proportional)
    return {
        sized_set.name: sizes[sized_set.name]
        for sized_set in (*old, new)
        if sized_set and _needs_resize(sized_set, sizes, facts.target)
    }


def _needs_resize(sized_set: SizedReplicaSet, sizes: dict[str, int], target: ReplicaTarget) -> bool:
    noted = (sized_set.size, sized_set.desired, sized_set.ceiling)
    return sized_set.name in sizes and noted != (sizes[sized_set.name], target.replicas, target.ceiling)


def _rolling_step(facts: DeploymentFacts, number: int, annotate: dict | None) -> DeploymentPlan:
    target, old = facts.target, [sized(replica_set) for replica_set in facts.old]
    if facts.current is None:
        size = rolling.first_size(target, old)
        return DeploymentPlan(create=revisions.new_set(facts.deployment, target, size, number))
    resize = rolling.next_sizes(target, sized(facts.current), old)
    return DeploymentPlan(
        resize=resize, annotate=annotate, delete=() if resize else _outdated_when_done(facts)
    )


def _recreate_step(facts: DeploymentFacts, number: int, annotate: dict | None) -> DeploymentPlan:
    """Every old pod is gone before the first new one starts."""
    target = facts.target
    stop = {
        replica_set["metadata"]["name"]: 0 for replica_set in facts.old if replica_set["spec"]["replicas"]
    }
    if stop or _old_pods_run(facts):
        return DeploymentPlan(resize=stop, annotate=annotate)
    if facts.current is None:
        return DeploymentPlan(create=revisions.new_set(facts.deployment, target, target.replicas, number))
    size = facts.current["spec"]["replicas"]
    resize = {facts.current["metadata"]["name"]: target.replicas} if size != target.replicas else {}
    return DeploymentPlan(
        resize=resize, annotate=annotate, delete=() if resize else _outdated_when_done(facts)
    )


def _old_pods_run(facts: DeploymentFacts) -> bool:
    return any(
        owners.controlled_by(pod, replica_set) and not pods.is_finished(pod)
        for pod in facts.pods
        for replica_set in facts.old
    )


def _outdated_when_done(facts: DeploymentFacts) -> tuple[str, ...]:
    current = facts.current
    done = current and current.get("status", {}).get("availableReplicas", 0) == facts.target.replicas
    return outdated(facts) if done and not any(map(_has_pods, facts.old)) else ()


def outdated(facts: DeploymentFacts) -> tuple[str, ...]:
    """The oldest empty sets beyond the revision history limit."""
    limit = facts.spec.get("revisionHistoryLimit", 10)
    kept = [replica_set for replica_set in facts.old if not owners.is_deleted(replica_set)]
    surplus = sorted(kept, key=revisions.revision)[: max(0, len(kept) - limit)]
    return tuple(replica_set["metadata"]["name"] for replica_set in surplus if not _has_pods(replica_set))


def _has_pods(replica_set: dict) -> bool:
    seen = replica_set.get("status", {}).get("observedGeneration", 0) >= replica_set["metadata"].get(
        "generation", 0
    )
    return not seen or bool(replica_set["spec"]["replicas"] or replica_set["status"].get("replicas"))


def sized(replica_set: dict) -> SizedReplicaSet:
    """A replica set -> what the rollout's arithmetic needs."""
    desired, ceiling = revisions.recorded_size(replica_set)
    return SizedReplicaSet(
        name=replica_set["metadata"]["name"],
        created=replica_set["metadata"]["creationTimestamp"],
        size=replica_set["spec"]["replicas"],
        available=replica_set.get("status", {}).get("availableReplicas", 0),
        desired=desired,
        ceiling=ceiling,
    )


def _sized(replica_set: dict | None) -> SizedReplicaSet | None:
    return replica_set and sized(replica_set)
