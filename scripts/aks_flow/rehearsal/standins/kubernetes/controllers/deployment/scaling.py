"""Sizes after a Deployment was scaled while its rollout runs or is paused: in proportion.

Rules: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling
"""

from collections.abc import Sequence
from math import floor

from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.rolling import Sized, total
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.strategy import Target


def is_due(target: Target, sets: Sequence[Sized]) -> bool:
    """Whether a set that has pods was sized for another number of replicas."""
    return any(each.size and each.wanted not in (None, target.replicas) for each in sets)


def scaled_sizes(
    target: Target, new: Sized | None, old: Sequence[Sized], proportional: bool
) -> dict[str, int]:
    """New sizes by name, also of sets that keep their size but must note what it was chosen for."""
    active = [each for each in (*old, *([new] if new else ())) if each.size]
    if len(active) <= 1:
        only = (active or [new or max(old, key=_age, default=None)])[0]
        return {only.name: target.replicas} if only else {}
    if new and new.size == new.available == new.wanted == target.replicas:
        return {each.name: 0 for each in old if each.size}
    return _shares(target, active) if proportional else {}


def _shares(target: Target, active: list[Sized]) -> dict[str, int]:
    allowed = target.ceiling if target.replicas else 0
    change = allowed - total(active)
    by_age = sorted(active, key=_age, reverse=change > 0)
    order = sorted(by_age, key=lambda each: -each.size)
    bounded = min if change > 0 else max
    left, sizes = change, {}
    for each in order:
        part = bounded(_part(target, each, total(active)), left)
        sizes[each.name] = each.size + part
        left -= part
    for each in order:  # What rounding left over goes to the largest set, as far as that can shrink.
        rest = max(left, -sizes[each.name])
        sizes[each.name] += rest
        left -= rest
    return sizes


def _part(target: Target, each: Sized, current: int) -> int:
    if not target.replicas:
        return -each.size
    return floor(each.size * target.ceiling / (each.ceiling or current) + 0.5) - each.size


def _age(each: Sized) -> tuple[str, str]:
    return each.created, each.name
