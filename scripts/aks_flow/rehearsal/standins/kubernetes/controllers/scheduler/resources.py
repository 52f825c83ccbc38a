"""What pods request and what a node still has."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from aks_flow.rehearsal.standins.kubernetes.admission.pod_resources import total
from aks_flow.rehearsal.standins.kubernetes.schema import quantity


def allocatable(node: dict) -> dict[str, Fraction]:
    amounts = node.get("status", {}).get("allocatable") or {}
    return {name: quantity.parse(amount) for name, amount in amounts.items()}


def shortages(pod: dict, node: dict, others: Iterable[dict]) -> list[str]:
    """What the node lacks for the pod, as the scheduler says it; others: the pods it already has."""
    room, others, requests = allocatable(node), list(others), total(pod, "requests")
    used = Counter()
    for other in others:
        used.update(total(other, "requests"))
    short = ["Too many pods"] if len(others) + 1 > room.get("pods", len(others) + 1) else []
    lacking = (name for name, amount in requests.items() if amount > room.get(name, 0) - used[name])
    return short + [f"Insufficient {name}" for name in sorted(lacking)]


def can_never_fit(pod: dict, node: dict) -> bool:
    """Whether even an empty node would be too small."""
    room = allocatable(node)
    return any(amount > room.get(name, 0) for name, amount in total(pod, "requests").items())
