"""Autoscalers: what is scaled, by which metrics, how fast."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.schema import quantity
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required, unsupported

_KINDS = ("Object", "External", "Pods", "Resource", "ContainerResource")
_SOURCES = {kind[0].lower() + kind[1:]: kind for kind in _KINDS}  # by the field of a metric
_RAW_OR_SHARE = (
    ("averageUtilization", "averageValue"),
    "must set either a target raw value or a target utilization",
    "may not set both a target raw value and a target utilization",
)
# For each source the targets of which it needs one; what is said of none and, where it is wrong, of two.
_TARGETS = {
    "object": (("averageValue", "value"), "must set either a target value or averageValue", ""),
    "external": (
        ("averageValue", "value"),
        "must set either a target value for metric or a per-pod target",
        "may not set both a target value for metric and a per-pod target",
    ),
    "pods": (("averageValue",), "must specify a positive target averageValue", ""),
    "resource": _RAW_OR_SHARE,
    "containerResource": _RAW_OR_SHARE,
}
_TARGET_TYPES = ("Utilization", "Value", "AverageValue")
_LONGEST_WINDOW, _LONGEST_PERIOD = 3600, 1800  # seconds


def autoscaler(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    least, most = spec.get("minReplicas", 1), spec.get("maxReplicas", 0)
    if least < 1:
        yield invalid("spec.minReplicas", least, "must be greater than or equal to 1")
    if most < 1:
        yield invalid("spec.maxReplicas", most, "must be greater than 0")
    if most < least:
        yield invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")
    yield from _reference("spec.scaleTargetRef", spec.get("scaleTargetRef") or {})
    for index, metric in enumerate(spec.get("metrics") or ()):
        yield from _metric(f"spec.metrics[{index}]", metric)
    for direction, rules in (spec.get("behavior") or {}).items():
        yield from _rules(f"spec.behavior.{direction}", rules or {})


def _reference(path: str, reference: dict) -> Iterator[Cause]:
    for field in ("kind", "name"):
        yield from checks.named(f"{path}.{field}", reference.get(field), grammar.path_segment)


def _metric(path: str, metric: dict) -> Iterator[Cause]:
    kind, given = metric.get("type") or "", [name for name in _SOURCES if metric.get(name) is not None]
    if not kind:
        yield required(f"{path}.type", "must specify a metric source type")
    if kind not in _SOURCES.values():
        yield unsupported(f"{path}.type", kind, *sorted(_SOURCES.values()))
    for name in given[:1]:
        yield from _source(f"{path}.{name}", name, metric[name])
    for name in (name for name in _SOURCES if _SOURCES[name] == kind and name not in given):
        yield required(f"{path}.{name}", "must populate information for the given metric source")
    for name in (name for name in given if len(given) > 1 and _SOURCES[name] != kind):
        yield forbidden(f"{path}.{name}", "must populate the given metric source only")


def _source(path: str, name: str, source: dict) -> Iterator[Cause]:
    if name == "object":
        yield from _reference(f"{path}.describedObject", source.get("describedObject") or {})
    if name in ("resource", "containerResource"):
        if not source.get("name"):
            yield required(f"{path}.name", "must specify a resource name")
        if name == "containerResource" and not source.get("container"):
            yield required(f"{path}.container", "must specify a container")
    elif not (metric := (source.get("metric") or {}).get("name")):
        yield required(f"{path}.metric.name", "must specify a metric name")
    else:
        yield from checks.matches(f"{path}.metric.name", metric, grammar.path_segment)
    yield from _target(f"{path}.target", name, source.get("target") or {})


def _target(path: str, name: str, target: dict) -> Iterator[Cause]:
    (fields, none, both), kind = _TARGETS[name], target.get("type") or ""
    if not kind:
        yield required(f"{path}.type", "must specify a metric target type")
    if kind not in _TARGET_TYPES:
        yield invalid(f"{path}.type", kind, "must be either Utilization, Value, or AverageValue")
    for field in ("value", "averageValue"):
        if target.get(field) is not None and quantity.parse(target[field]) <= 0:
            yield invalid(f"{path}.{field}", target[field], "must be positive")
    share = target.get("averageUtilization")
    if share is not None and share < 1:
        yield invalid(f"{path}.averageUtilization", share, "must be greater than 0")
    given = [field for field in fields if target.get(field) is not None]
    if not given:
        yield required(f"{path}.{fields[0]}", none)
    if both and len(given) > 1:
        yield forbidden(f"{path}.{fields[1]}", both)


def _rules(path: str, rules: dict) -> Iterator[Cause]:
    yield from _seconds(path, rules, "stabilizationWindowSeconds", 0, _LONGEST_WINDOW)
    yield from checks.one_of(f"{path}.selectPolicy", rules.get("selectPolicy"), "Disabled", "Max", "Min")
    if not rules.get("policies"):
        yield required(f"{path}.policies", "must specify at least one Policy")
    for index, policy in enumerate(rules.get("policies") or ()):
        at, kind = f"{path}.policies[{index}]", policy.get("type") or ""
        if kind not in ("Percent", "Pods"):
            yield unsupported(f"{at}.type", kind, "Percent", "Pods")
        if policy.get("value", 0) <= 0:
            yield invalid(f"{at}.value", policy.get("value", 0), "must be greater than zero")
        yield from _seconds(at, {"periodSeconds": 0, **policy}, "periodSeconds", 1, _LONGEST_PERIOD)


def _seconds(path: str, item: dict, field: str, least: int, most: int) -> Iterator[Cause]:
    value = item.get(field)
    if value is not None and value < least:
        text = "must be greater than zero" if least else "must be greater than or equal to zero"
        yield invalid(f"{path}.{field}", value, text)
    if value is not None and value > most:
        yield invalid(f"{path}.{field}", value, f"must be less than or equal to {most}")
