"""What a container may ask for: quantities that parse, no more than the limit."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.schema import quantity
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required
from aks_flow.rehearsal.standins.kubernetes.validation.checks import NOT_NEGATIVE

_STANDARD = ("cpu", "memory", "ephemeral-storage")


def resources(path: str, given: dict) -> Iterator[Cause]:
    limits, requests = given.get("limits") or {}, given.get("requests") or {}
    for field, values in (("limits", limits), ("requests", requests)):
        for name, amount in values.items():
            yield from _amount(f"{path}.{field}", name, amount)
    if any(is_whole(name) and name not in limits for name in requests):
        yield required(f"{path}.limits", "Limit must be set for non overcommitable resources")
    for name, amount in requests.items():
        if name in limits and is_whole(name) and not _is_same(amount, limits[name]):
            yield invalid(f"{path}.requests", amount, f"must be equal to {name} limit of {limits[name]}")
        elif name in limits and _is_over(amount, limits[name]):
            text = f"must be less than or equal to {name} limit of {limits[name]}"
            yield invalid(f"{path}.requests", amount, text)
    asked = limits.keys() | requests.keys()
    if any(name.startswith("hugepages-") for name in asked) and not asked & {"cpu", "memory"}:
        yield forbidden(path, "HugePages require cpu or memory")


def container_resource(path: str, name: str) -> Iterator[Cause]:
    if name not in _STANDARD and "/" not in name and not name.startswith("hugepages-"):
        yield invalid(path, name, "must be a standard resource type or fully qualified")
        yield invalid(path, name, "must be a standard resource for containers")


def _amount(path: str, name: str, amount: str) -> Iterator[Cause]:
    yield from container_resource(f"{path}[{name}]", name)
    try:
        if quantity.parse(amount) < 0:
            yield invalid(f"{path}[{name}]", amount, NOT_NEGATIVE)
        if "/" in name and quantity.parse(amount) % 1:
            yield invalid(f"{path}[{name}]", amount, "must be an integer")
    except ValueError:
        yield invalid(f"{path}[{name}]", amount, "must be a quantity")


def is_whole(name: str) -> bool:
    """Of devices and huge pages nobody may ask for more than the limit, or for less."""
    return "/" in name or name.startswith("hugepages-")


def _is_same(request: str, limit: str) -> bool:
    return not _is_over(request, limit) and not _is_over(limit, request)


def _is_over(request: str, limit: str) -> bool:
    try:
        return quantity.parse(request) > quantity.parse(limit)
    except ValueError:
        return False
