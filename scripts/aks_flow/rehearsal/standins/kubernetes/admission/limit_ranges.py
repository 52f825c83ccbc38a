"""LimitRanges: what containers take from them, and which pods and claims they refuse. Pure.

Rules: https://kubernetes.io/docs/concepts/policy/limit-range/
"""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction

from aks_flow.rehearsal.standins.kubernetes.admission import pod_resources, quotas
from aks_flow.rehearsal.standins.kubernetes.defaults.fill import given, objects_in, part
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.schema import quantity

_CONTAINERS = {"container": "containers", "init container": "initContainers"}

Amounts = Mapping[str, str]


def fill(pod: dict, limit_range: dict) -> list[str]:
    """Give containers what they leave open, in place: ``cpu, memory request for container c`` for each."""
    return [
        f"{names} for {what} {container.get('name')}"
        for what, field in _CONTAINERS.items()
        for container in objects_in(pod["spec"], field)
        for names in _filled(container, limit_range)
    ]


def _filled(container: dict, limit_range: dict) -> Iterator[str]:
    resources = part(container, "resources")
    for limit in objects_in(given(limit_range, "spec"), "limits"):
        for field, key in (("requests", "defaultRequest"), ("limits", "default")):
            amounts, present = given(limit, key), given(resources, field)
            if limit.get("type") == "Container" and amounts.keys() - present.keys():
                resources[field] = amounts | present
                yield f"{', '.join(sorted(amounts.keys() - present.keys()))} {field.removesuffix('s')}"


def refusal(limit_range: dict, kind: Kind, item: dict) -> str:
    """Why a pod or a claim is not within it; "" if it is."""
    faults = list(
        dict.fromkeys(
            fault
            for limit in objects_in(given(limit_range, "spec"), "limits")
            for requests, limits in _MEASURED.get((kind, limit.get("type")), _nothing)(item)
            for fault in _faults(limit, requests, limits)
        )
    )
    return f"[{', '.join(faults)}]" if len(faults) > 1 else "".join(faults)


def _faults(limit: dict, requests: Amounts, limits: Amounts | None) -> Iterator[str]:
    """limits: None for a claim, which has a request alone."""
    of, asked, limited = limit["type"], ("request", requests), ("limit", limits or {})
    for name, bound in sorted(given(limit, "min").items()):
        what, least = f"minimum {name} usage per {of} is {bound}", quantity.parse(bound)
        yield from _outside(what, name, (asked, limited), least.__gt__)
    for name, bound in sorted(given(limit, "max").items()):
        what, most = f"maximum {name} usage per {of} is {bound}", quantity.parse(bound)
        yield from _outside(what, name, (asked,) if limits is None else (limited, asked), most.__lt__)
    for name, bound in sorted(given(limit, "maxLimitRequestRatio").items()):
        if limits is not None:
            what = f"{name} max limit to request ratio per {of} is {bound}"
            yield from _above_ratio(what, name, requests, limits, quantity.parse(bound))


def _outside(
    what: str,
    name: str,
    sides: tuple[tuple[str, Amounts], ...],
    is_outside: Callable[[Fraction], bool],
) -> Iterator[str]:
    """The first of the sides must be stated."""
    word, amounts = sides[0]
    if name not in amounts:
        yield f"{what}.  No {word} is specified"
        return
    for word, amounts in sides:
        if name in amounts and is_outside(quantity.parse(amounts[name])):
            yield f"{what}, but {word} is {amounts[name]}"
            return


def _above_ratio(what: str, name: str, requests: Amounts, limits: Amounts, most: Fraction) -> Iterator[str]:
    request, limit = (quantity.parse(amounts.get(name, "0")) for amounts in (requests, limits))
    if not request or not limit:
        word = "limit" if request else "request"
        yield f"{what}, but no {word} is specified or {word} is 0"
    elif limit / request > most:
        yield f"{what}, but provided ratio is {float(limit / request):f}"


def _of_containers(pod: dict) -> Iterator[tuple[Amounts, Amounts]]:
    for field in _CONTAINERS.values():
        for container in objects_in(pod["spec"], field):
            resources = given(container, "resources")
            yield given(resources, "requests"), given(resources, "limits")


def _of_pod(pod: dict) -> Iterator[tuple[Amounts, Amounts]]:
    requests, limits = (
        {name: quotas.shown(name, amount) for name, amount in pod_resources.total(pod, field).items()}
        for field in ("requests", "limits")
    )
    yield requests, limits


def _of_claim(claim: dict) -> Iterator[tuple[Amounts, None]]:
    yield given(given(claim["spec"], "resources"), "requests"), None


def _nothing(_: dict) -> tuple:
    return ()


_MEASURED = {
    (kinds.POD, "Container"): _of_containers,
    (kinds.POD, "Pod"): _of_pod,
    (kinds.PERSISTENT_VOLUME_CLAIM, "PersistentVolumeClaim"): _of_claim,
}
