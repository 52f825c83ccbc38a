"""LimitRanges: what a pod's containers get for what they do not state, and what is out of bounds. Pure.

Rules: https://kubernetes.io/docs/concepts/policy/limit-range/
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from scripts.rehearsal.cluster import pod_resources
from scripts.rehearsal.cluster.schema import quantity

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
    for name, least in sorted((item.get("min") or {}).items()):
        yield from _too_little(item["type"], name, least, requests.get(name), limits.get(name))
    for name, most in sorted((item.get("max") or {}).items()):
        yield from _too_much(item["type"], name, most, requests.get(name), limits.get(name))
    for name, ratio in sorted((item.get("maxLimitRequestRatio") or {}).items()):
        yield from _too_far(item["type"], name, ratio, requests.get(name), limits.get(name))


def _too_little(
    kind: str, name: str, least: str, request: Fraction | None, limit: Fraction | None
) -> Iterator[str]:
    bound = f"minimum {name} usage per {kind} is {least}"
    if request is None:
        yield f"{bound}.  No request is specified"
    elif request < quantity.parse(least):
        yield f"{bound}, but request is {_shown(name, request)}"
    elif limit is not None and limit < quantity.parse(least):
        yield f"{bound}, but limit is {_shown(name, limit)}"


def _too_much(
    kind: str, name: str, most: str, request: Fraction | None, limit: Fraction | None
) -> Iterator[str]:
    bound = f"maximum {name} usage per {kind} is {most}"
    if limit is None:
        yield f"{bound}.  No limit is specified"
    elif limit > quantity.parse(most):
        yield f"{bound}, but limit is {_shown(name, limit)}"
    elif request is not None and request > quantity.parse(most):
        yield f"{bound}, but request is {_shown(name, request)}"


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
