"""What a pod asks for, and what it is limited to."""

from collections import Counter
from fractions import Fraction

from aks_flow.rehearsal.standins.kubernetes.schema import quantity


def total(pod: dict, field: str) -> Counter:
    """Resource name -> amount; field: requests or limits.

    The containers together, or the largest init container if that is more.
    """
    spec, amount_by_name = pod["spec"], Counter()
    for container in spec.get("containers") or ():
        amount_by_name.update(amounts(container, field))
    for container in spec.get("initContainers") or ():
        for name, amount in amounts(container, field).items():
            amount_by_name[name] = max(amount_by_name[name], amount)
    return amount_by_name


def amounts(container: dict, field: str) -> dict[str, Fraction]:
    given = (container.get("resources") or {}).get(field) or {}
    return {name: quantity.parse(amount) for name, amount in given.items()}
