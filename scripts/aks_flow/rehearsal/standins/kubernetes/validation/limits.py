"""What limits a namespace: LimitRanges and ResourceQuotas."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.schema import quantity
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import duplicate, forbidden, invalid, required
from aks_flow.rehearsal.standins.kubernetes.validation.resources import container_resource, is_whole

_AMOUNTS = ("max", "min", "default", "defaultRequest", "maxLimitRequestRatio")
# Which is not to be greater than which, where that is told, and in what words.
_ORDER = (
    ("min", "max", "min", "min value {} is greater than max value {}"),
    ("min", "defaultRequest", "defaultRequest", "min value {} is greater than default request value {}"),
    ("defaultRequest", "max", "defaultRequest", "default request value {} is greater than max value {}"),
    (
        *("defaultRequest", "default", "defaultRequest"),
        "default request value {} is greater than default limit value {}",
    ),
    ("min", "default", "default", "min value {} is greater than default value {}"),
    ("default", "max", "default", "default value {} is greater than max value {}"),
)
_COMPUTE = tuple(f"{bound}{name}" for bound in ("", "limits.", "requests.") for name in ("cpu", "memory"))
_STORED = tuple(f"{bound}ephemeral-storage" for bound in ("", "limits.", "requests."))
_COUNTED = (
    "configmaps", "persistentvolumeclaims", "pods", "replicationcontrollers", "resourcequotas", "secrets",
    "services", "services.loadbalancers", "services.nodeports",
)  # fmt: skip
_QUOTA = (*_COMPUTE, *_STORED, *_COUNTED, "requests.storage")
_HUGE = ("hugepages-", "requests.hugepages-")
_OPPOSITES = ({"BestEffort", "NotBestEffort"}, {"Terminating", "NotTerminating"})
_SCOPES = set.union(*_OPPOSITES, {"PriorityClass", "CrossNamespacePodAffinity"})


def limit_range(item: dict) -> Iterator[Cause]:
    seen = set()
    for index, limit in enumerate((item.get("spec") or {}).get("limits") or ()):
        path, kind = f"spec.limits[{index}]", limit.get("type") or ""
        yield from checks.matches(f"{path}.type", kind, _limit_type)
        if kind in seen:
            yield duplicate(f"{path}.type", kind)
        seen.add(kind)
        if kind in ("Container", "Pod"):
            for field in _AMOUNTS:
                for name in limit.get(field) or {}:
                    yield from container_resource(f"{path}.{field}[{name}]", name)
        yield from _of_kind(path, kind, limit)
        yield from _bounds(path, {field: limit.get(field) or {} for field in _AMOUNTS})


def _limit_type(text: str) -> list[str]:
    if faults := grammar.qualified_name(text):
        return faults
    is_known = text in ("Container", "PersistentVolumeClaim", "Pod") or "/" in text
    return [] if is_known else ["must be a standard limit type or fully qualified"]


def _of_kind(path: str, kind: str, limit: dict) -> Iterator[Cause]:
    for field in ("default", "defaultRequest"):
        if kind == "Pod" and limit.get(field):
            yield forbidden(f"{path}.{field}", "may not be specified when `type` is 'Pod'")
    bounded = (limit.get("min") or {}).keys() | (limit.get("max") or {}).keys()
    if kind == "PersistentVolumeClaim" and "storage" not in bounded:
        text = "either minimum or maximum storage value is required, but neither was provided"
        yield required(f"{path}.limits", text)


def _bounds(path: str, limit: dict[str, dict]) -> Iterator[Cause]:
    for low, high, place, text in _ORDER:
        for name in limit[low].keys() & limit[high].keys():
            least, most = limit[low][name], limit[high][name]
            if quantity.parse(least) > quantity.parse(most):
                yield invalid(f"{path}.{place}[{name}]", limit[place][name], text.format(least, most))
    for name, ratio in limit["maxLimitRequestRatio"].items():
        if quantity.parse(ratio) < 1:
            at = f"{path}.maxLimitRequestRatio[{name}]"
            yield invalid(at, ratio, f"ratio {ratio} is less than 1")
    for name in filter(is_whole, limit["default"].keys() & limit["defaultRequest"].keys()):
        given, asked = limit["default"][name], limit["defaultRequest"][name]
        if quantity.parse(given) != quantity.parse(asked):
            text = f"default value {given} must equal to defaultRequest value {asked} in {name}"
            yield invalid(f"{path}.defaultRequest[{name}]", asked, text)


def quota(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    for name, amount in (spec.get("hard") or {}).items():
        path = f"spec.hard[{name}]"
        if "/" not in name and name not in _QUOTA and not name.startswith(_HUGE):
            yield invalid(path, name, "must be a standard resource type or fully qualified")
            yield invalid(path, name, "must be a standard resource for quota")
        if quantity.parse(amount) < 0:
            yield invalid(path, amount, checks.NOT_NEGATIVE)
        is_counted = name in _COUNTED or ("/" in name and not name.startswith("requests."))
        if is_counted and quantity.parse(amount) % 1:
            yield invalid(path, amount, "must be an integer")
    yield from _scopes(spec.get("scopes") or [], set(_QUOTA) & (spec.get("hard") or {}).keys())


def _scopes(scopes: list[str], names: set[str]) -> Iterator[Cause]:
    for scope in scopes:
        if scope not in _SCOPES:
            yield invalid("spec.scopes", scopes, "unsupported scope")
        elif names - {"pods", *(() if scope == "BestEffort" else _COMPUTE)}:
            yield invalid("spec.scopes", scopes, "unsupported scope applied to resource")
    if any(pair <= set(scopes) for pair in _OPPOSITES):
        yield invalid("spec.scopes", scopes, "conflicting scopes")


def quota_update(old: dict, new: dict) -> Iterator[Cause]:
    before, after = ((item.get("spec") or {}).get("scopes") or [] for item in (old, new))
    if set(before) != set(after):
        yield invalid("spec.scopes", after, checks.IMMUTABLE)
