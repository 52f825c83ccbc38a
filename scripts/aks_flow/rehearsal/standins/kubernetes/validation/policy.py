"""Autoscalers, disruption budgets, leases, roles and their bindings, priority classes."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.objects.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required
from aks_flow.rehearsal.standins.kubernetes.validation.rolling import amount

_METRICS = ("ContainerResource", "External", "Object", "Pods", "Resource")
_SYSTEM = "system-"
_HIGHEST = 1_000_000_000
SYSTEM_PRIORITIES = {"system-cluster-critical": 2 * _HIGHEST, "system-node-critical": 2 * _HIGHEST + 1000}


def autoscaler(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    least, most = spec.get("minReplicas", 1), spec.get("maxReplicas", 0)
    if least < 1:
        yield invalid("spec.minReplicas", least, "must be greater than or equal to 1")
    if most < 1:
        yield invalid("spec.maxReplicas", most, "must be greater than 0")
    if most < least:
        yield invalid("spec.maxReplicas", most, "must be greater than or equal to `minReplicas`")
    yield from checks.need("spec.scaleTargetRef", spec.get("scaleTargetRef") or {}, "kind", "name")
    for index, metric in enumerate(spec.get("metrics") or ()):
        yield from checks.one_of(f"spec.metrics[{index}].type", metric.get("type"), *_METRICS)
        if metric.get("type") == "Resource":
            yield from _of_resource(f"spec.metrics[{index}].resource", metric.get("resource") or {})


def _of_resource(path: str, source: dict) -> Iterator[Cause]:
    target, at = source.get("target") or {}, f"{path}.target.averageUtilization"
    value, share = target.get("averageValue"), target.get("averageUtilization")
    yield from checks.need(path, source, "name")
    if share is None and value is None:
        yield required(at, "must set either a target raw value or a target utilization")
    if share is not None and share < 1:
        yield invalid(at, share, "must be greater than 0")
    if share is not None and value is not None:
        text = "may not set both a target raw value and a target utilization"
        yield forbidden(f"{path}.target.averageValue", text)


def disruption_budget(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        yield invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set")
    for field in ("minAvailable", "maxUnavailable"):
        yield from amount(f"spec.{field}", spec.get(field))
    yield from checks.selector("spec.selector", spec.get("selector") or {})


def lease(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    seconds = spec.get("leaseDurationSeconds")
    if seconds is not None and seconds <= 0:
        yield invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0")
    if spec.get("holderIdentity") == "":
        yield invalid("spec.holderIdentity", "", "must not be empty")


def role(item: dict) -> Iterator[Cause]:
    for index, rule in enumerate(item.get("rules") or ()):
        path = f"rules[{index}]"
        if not rule.get("verbs"):
            yield required(f"{path}.verbs", "verbs must contain at least one value")
        if not rule.get("nonResourceURLs"):
            if rule.get("apiGroups") is None:
                yield required(f"{path}.apiGroups", "resource rules must supply at least one api group")
            if not rule.get("resources"):
                yield required(f"{path}.resources", "resource rules must supply at least one resource")


def role_binding(item: dict) -> Iterator[Cause]:
    reference = item.get("roleRef") or {}
    yield from checks.one_of("roleRef.kind", reference.get("kind", ""), "ClusterRole", "Role")
    yield from checks.need("roleRef", reference, "name")
    for index, subject in enumerate(item.get("subjects") or ()):
        path = f"subjects[{index}]"
        yield from checks.need(path, subject, "name")
        yield from checks.one_of(f"{path}.kind", subject.get("kind"), "Group", "ServiceAccount", "User")
        if subject.get("kind") == "ServiceAccount" and not subject.get("namespace"):
            yield required(f"{path}.namespace")


def role_binding_update(old: dict, new: dict) -> Iterator[Cause]:
    yield from checks.unchanged("", old, new, "roleRef", "cannot change roleRef")


def priority_class(item: dict) -> Iterator[Cause]:
    name, value = item["metadata"].get("name", ""), item.get("value", 0)
    if name.startswith(_SYSTEM):
        if why := _not_the_system_class(name, value, bool(item.get("globalDefault"))):
            reserved = f"priority class names with '{_SYSTEM}' prefix are reserved for system use only"
            yield forbidden("metadata.name", f"{reserved}. error: {why}")
    elif value > _HIGHEST:
        yield forbidden("value", f"maximum allowed value of a user defined priority is {_HIGHEST}")


def priority_class_update(old: dict, new: dict) -> Iterator[Cause]:
    if new.get("value", 0) != old.get("value", 0):
        yield forbidden("value", "may not be changed in an update.")
    yield from checks.unchanged("", old, new, "preemptionPolicy")


def _not_the_system_class(name: str, value: int, is_default: bool) -> str:
    if name not in SYSTEM_PRIORITIES:
        return f"{name} is not a known system priority class"
    if value != SYSTEM_PRIORITIES[name]:
        return f"value of {name} PriorityClass must be {SYSTEM_PRIORITIES[name]}"
    return f"globalDefault of {name} PriorityClass must be false" if is_default else ""
