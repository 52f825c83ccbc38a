"""LimitRanges: what a pod's containers get for what they do not state, and what is out of bounds. Pure.

Rules: https://kubernetes.io/docs/concepts/policy/limit-range/
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from aks_flow.rehearsal.standins.kubernetes.admission import pod_resources
from aks_flow.rehearsal.standins.kubernetes.schema import quantity

_ANNOTATION = "kubernetes.io/limit-ranger"
_KINDS = {"containers": "container", "initContainers": "init container"}
Amounts = Mapping[str, Fraction]


def complete(limit_range: dict, pod: dict) -> None:
    """Give a new pod's containers the range's defaults, and note it in an annotation."""
    given = [
        text
        for field, title in _KINDS.items()
        for container in pod["spec"].get(field) or ()
        for text in _fill(limit_range, container, title)
    ]
    if given:
        annotations = pod["metadata"].setdefault("annotations", {})
        annotations[_ANNOTATION] = f"LimitRanger plugin set: {'; '.join(given)}"


def _fill(limit_range: dict, container: dict, title: str) -> Iterator[str]:
    for part, field, word in (("defaultRequest", "requests", "request"), ("default", "limits", "limit")):
        stated = (container.get("resources") or {}).get(field) or {}
        added = {
            name: amount
            for item in _items(limit_range, "Container")
            for name, amount in (item.get(part) or {}).items()
            if name not in stated
        }
        if added:
            container.setdefault("resources", {})[field] = stated | added
            yield f"{', '.join(sorted(added))} {word} for {title} {container['name']}"


def pod_faults(limit_range: dict, pod: dict) -> Iterator[str]:
    """What of a pod and its containers is out of the range's bounds."""
    for item in _items(limit_range, "Container"):
        for field in ("containers", "initContainers"):
            for container in pod["spec"].get(field) or ():
                requests, limits = (pod_resources.amounts(container, each) for each in ("requests", "limits"))
                yield from _outside(item, requests, limits)
    for item in _items(limit_range, "Pod"):
        yield from _outside(item, pod_resources.total(pod, "requests"), pod_resources.total(pod, "limits"))


def claim_faults(limit_range: dict, claim: dict) -> Iterator[str]:
    """What of a PersistentVolumeClaim is out of the range's bounds."""
    requests = pod_resources.amounts(claim["spec"], "requests")
    for item in _items(limit_range, "PersistentVolumeClaim"):
        # A claim's request is what it may use at most, too.
        yield from _outside(item, requests, requests)


def _items(limit_range: dict, kind: str) -> list[dict]:
    return [each for each in (limit_range.get("spec") or {}).get("limits") or () if each.get("type") == kind]


def _outside(item: dict, requests: Amounts, limits: Amounts) -> Iterator[str]:
    kind = item["type"]
    for name, least in sorted((item.get("min") or {}).items()):
        amounts = {"request": requests.get(name), "limit": limits.get(name)}
        yield from _beyond(f"minimum {name} usage per {kind} is {least}", name, amounts, operator.lt, least)
    for name, most in sorted((item.get("max") or {}).items()):
        amounts = {"limit": limits.get(name), "request": requests.get(name)}
        yield from _beyond(f"maximum {name} usage per {kind} is {most}", name, amounts, operator.gt, most)
    for name, ratio in sorted((item.get("maxLimitRequestRatio") or {}).items()):
        yield from _too_far(kind, name, ratio, requests.get(name), limits.get(name))


def _beyond(
    bound: str, name: str, amounts: dict[str, Fraction | None], compare: Callable, edge: str
) -> Iterator[str]:
    """The first amount that compares so with the edge. The first of all must be stated."""
    first = next(iter(amounts))
    if amounts[first] is None:
        yield f"{bound}.  No {first} is specified"
        return
    for word, amount in amounts.items():
        if amount is not None and compare(amount, quantity.parse(edge)):
            yield f"{bound}, but {word} is {_shown(name, amount)}"
            return


def _too_far(
    kind: str, name: str, ratio: str, request: Fraction | None, limit: Fraction | None
) -> Iterator[str]:
    bound = f"{name} max limit to request ratio per {kind} is {ratio}"
    if not request:
        yield f"{bound}, but no request is specified or request is 0"
    elif not limit:
        yield f"{bound}, but no limit is specified or limit is 0"
    elif limit / request > quantity.parse(ratio):
        yield f"{bound}, but provided ratio is {float(limit / request):.6f}"


def _shown(name: str, amount: Fraction) -> str:
    """An amount as a server writes it, which keeps no unit of the one who stated it."""
    if name == "cpu":
        return quantity.canonical(f"{amount * 1000}m") if (amount * 1000).denominator == 1 else str(amount)
    return str(int(amount)) if amount % 1024 else quantity.canonical(f"{amount // 1024}Ki")
