"""What a pod asks for, and what it is limited to."""

from collections import Counter
from fractions import Fraction

from aks_flow.rehearsal.standins.kubernetes.schema import quantity


def total(pod: dict, field: str) -> Counter:
    """Resource name -> amount; field: requests or limits.

    The containers together with the sidecars, or an init container with those that are started before it, if
    that is more.
    """
    spec, sidecars, most = pod["spec"], Counter(), Counter()
    for container in spec.get("initContainers") or ():
        asked = sidecars + Counter(amounts(container, field))
        most |= asked
        if container.get("restartPolicy") == "Always":
            sidecars = asked
    for container in spec.get("containers") or ():
        sidecars.update(amounts(container, field))
    return sidecars | most


def amounts(container: dict, field: str) -> dict[str, Fraction]:
    given = (container.get("resources") or {}).get(field) or {}
    return {name: quantity.parse(amount) for name, amount in given.items()}
