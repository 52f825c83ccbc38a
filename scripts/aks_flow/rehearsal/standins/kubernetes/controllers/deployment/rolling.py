"""The next step of a rolling update, from the sizes of the replica sets.

Rules: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.strategy import ReplicaTarget


@dataclass(frozen=True)
class SizedReplicaSet:
    """A replica set: the size it was told, and how many of its pods are available.

    desired, ceiling: the Deployment's size and its ceiling when the set was last resized (None: unknown).
    """

    name: str
    created: str
    size: int
    available: int = 0
    desired: int | None = None
    ceiling: int | None = None

    @property
    def age(self) -> tuple[str, str]:
        """What sorts the oldest first."""
        return self.created, self.name


def first_size(target: ReplicaTarget, old: Sequence[SizedReplicaSet]) -> int:
    """The size with which a new replica set starts."""
    return _grown(target, SizedReplicaSet("", "", 0), old)


def next_sizes(target: ReplicaTarget, new: SizedReplicaSet, old: Sequence[SizedReplicaSet]) -> dict[str, int]:
    """New sizes by name; empty if there is nothing to do until pods change."""
    size = target.replicas if new.size > target.replicas else _grown(target, new, old)
    if size != new.size:
        return {new.name: size}
    return _shrunk(target, new, sorted(old, key=lambda sized_set: sized_set.age))


def _grown(target: ReplicaTarget, new: SizedReplicaSet, old: Sequence[SizedReplicaSet]) -> int:
    room = target.ceiling - new.size - total(old)
    return new.size + max(0, min(room, target.replicas - new.size))


def _shrunk(target: ReplicaTarget, new: SizedReplicaSet, old: Sequence[SizedReplicaSet]) -> dict[str, int]:
    """Unavailable old pods go first: they must not hold up the rollout that replaces them."""
    new_unavailable = new.size - new.available
    spare = new.size + total(old) - target.floor - new_unavailable
    if spare <= 0 or not total(old):
        return {}
    rest = _take(old, spare, lambda sized_set: sized_set.size - sized_set.available)
    surplus = new.available + sum(sized_set.available for sized_set in old) - target.floor
    rest = _take(rest, surplus, lambda sized_set: sized_set.size)
    return {after.name: after.size for before, after in zip(old, rest, strict=True) if before != after}


def _take(old: Sequence[SizedReplicaSet], amount: int, removable) -> list[SizedReplicaSet]:
    rest = []
    for sized_set in old:
        taken = max(0, min(amount, removable(sized_set)))
        amount -= taken
        rest.append(replace(sized_set, size=sized_set.size - taken))
    return rest


def total(sets: Sequence[SizedReplicaSet]) -> int:
    return sum(sized_set.size for sized_set in sets)
