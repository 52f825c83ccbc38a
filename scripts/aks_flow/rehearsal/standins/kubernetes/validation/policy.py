"""Disruption budgets, leases, roles and their bindings, priority classes."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required, unsupported
from aks_flow.rehearsal.standins.kubernetes.validation.rolling import amount, at_most_all

_RBAC = "rbac.authorization.k8s.io"
_SYSTEM = "system-"
_HIGHEST = 1_000_000_000
SYSTEM_PRIORITIES = {"system-cluster-critical": 2 * _HIGHEST, "system-node-critical": 2 * _HIGHEST + 1000}


def disruption_budget(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    if spec.get("minAvailable") is not None and spec.get("maxUnavailable") is not None:
        yield invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set")
    for field in ("minAvailable", "maxUnavailable"):
        yield from amount(f"spec.{field}", spec.get(field))
        yield from at_most_all(f"spec.{field}", spec.get(field))
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
        if urls := rule.get("nonResourceURLs"):
            text = "namespaced rules cannot apply to non-resource URLs"
            yield invalid(f"rules[{index}].nonResourceURLs", urls, text)
    yield from cluster_role(item)


def cluster_role(item: dict) -> Iterator[Cause]:
    for index, rule in enumerate(item.get("rules") or ()):
        path, urls = f"rules[{index}]", rule.get("nonResourceURLs")
        if not rule.get("verbs"):
            yield required(f"{path}.verbs", "verbs must contain at least one value")
        if urls and (rule.get("apiGroups") or rule.get("resources") or rule.get("resourceNames")):
            text = "rules cannot apply to both regular resources and non-resource URLs"
            yield invalid(f"{path}.nonResourceURLs", urls, text)
        if not urls and not rule.get("apiGroups"):
            yield required(f"{path}.apiGroups", "resource rules must supply at least one api group")
        if not urls and not rule.get("resources"):
            yield required(f"{path}.resources", "resource rules must supply at least one resource")


def role_binding(item: dict) -> Iterator[Cause]:
    yield from _binding(item, "ClusterRole", "Role")


def _binding(item: dict, *kinds: str) -> Iterator[Cause]:
    reference = item.get("roleRef") or {}
    yield from checks.one_of("roleRef.apiGroup", reference.get("apiGroup"), _RBAC)
    if reference.get("kind") not in kinds:
        yield unsupported("roleRef.kind", reference.get("kind") or "", *kinds)
    yield from checks.named("roleRef.name", reference.get("name"), grammar.path_segment)
    for index, subject in enumerate(item.get("subjects") or ()):
        yield from _subject(f"subjects[{index}]", subject)


def cluster_role_binding(item: dict) -> Iterator[Cause]:
    yield from _binding(item, "ClusterRole")
    for index, subject in enumerate(item.get("subjects") or ()):
        if subject.get("kind") == "ServiceAccount":
            yield from checks.need(f"subjects[{index}]", subject, "namespace")


def _subject(path: str, subject: dict) -> Iterator[Cause]:
    yield from checks.need(path, subject, "name")
    kind, group = subject.get("kind") or "", subject.get("apiGroup") or ""
    if kind not in ("ServiceAccount", "User", "Group"):
        yield unsupported(f"{path}.kind", kind, "ServiceAccount", "User", "Group")
    elif group != (expected := "" if kind == "ServiceAccount" else _RBAC):
        yield unsupported(f"{path}.apiGroup", group, expected)
    if kind == "ServiceAccount" and subject.get("name"):
        yield from checks.matches(f"{path}.name", subject["name"], grammar.subdomain)


def role_binding_update(old: dict, new: dict) -> Iterator[Cause]:
    yield from checks.unchanged("", old, new, "roleRef", "cannot change roleRef")


def priority_class(item: dict) -> Iterator[Cause]:
    preemption = item.get("preemptionPolicy")
    yield from checks.one_of("preemptionPolicy", preemption, "PreemptLowerPriority", "Never")
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
