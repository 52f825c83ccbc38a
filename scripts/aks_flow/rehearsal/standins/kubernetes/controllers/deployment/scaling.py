"""Sizes after a Deployment was scaled while its rollout runs or is paused: in proportion.

Rules: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling
"""

from collections.abc import Sequence
from math import floor

from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.rolling import SizedReplicaSet, total
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.strategy import ReplicaTarget


def is_due(target: ReplicaTarget, sets: Sequence[SizedReplicaSet]) -> bool:
    """Whether a set that has pods was sized for another number of replicas."""
    return any(sized_set.size and sized_set.desired not in (None, target.replicas) for sized_set in sets)


def scaled_sizes(
    target: ReplicaTarget, new: SizedReplicaSet | None, old: Sequence[SizedReplicaSet], proportional: bool
) -> dict[str, int]:
    """New sizes by name, also of sets that keep their size but must note what it was chosen for."""
    active = [sized_set for sized_set in (*old, *([new] if new else ())) if sized_set.size]
    if len(active) <= 1:
        only = (active or [new or max(old, key=lambda sized_set: sized_set.age, default=None)])[0]
        return {only.name: target.replicas} if only else {}
    if new and new.size == new.available == new.desired == target.replicas:
        return {sized_set.name: 0 for sized_set in old if sized_set.size}
    return _shares(target, active) if proportional else {}


def _shares(target: ReplicaTarget, active: list[SizedReplicaSet]) -> dict[str, int]:
    allowed = target.ceiling if target.replicas else 0
    change = allowed - total(active)
    by_age = sorted(active, key=lambda sized_set: sized_set.age, reverse=change > 0)
    order = sorted(by_age, key=lambda sized_set: -sized_set.size)
    bounded = min if change > 0 else max
    left, sizes = change, {}
    for sized_set in order:
        part = bounded(_part(target, sized_set, total(active)), left)
        sizes[sized_set.name] = sized_set.size + part
        left -= part
    for sized_set in order:  # What rounding left over goes to the largest set, as far as that can shrink.
        rest = max(left, -sizes[sized_set.name])
        sizes[sized_set.name] += rest
        left -= rest
    return sizes


def _part(target: ReplicaTarget, sized_set: SizedReplicaSet, current: int) -> int:
    if not target.replicas:
        return -sized_set.size
    return floor(sized_set.size * target.ceiling / (sized_set.ceiling or current) + 0.5) - sized_set.size
