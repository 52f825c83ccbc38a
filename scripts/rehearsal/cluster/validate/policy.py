"""Autoscalers, disruption budgets, leases, roles and their bindings, claims."""

from collections.abc import Iterator

from scripts.rehearsal.cluster.schema import quantity
from scripts.rehearsal.cluster.status import Cause
from scripts.rehearsal.cluster.validate import checks
from scripts.rehearsal.cluster.validate.causes import forbidden, invalid, required
from scripts.rehearsal.cluster.validate.rolling import amount

_ACCESS = ("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod")
_CLAIM_FIXED = (
    "spec is immutable after creation except resources.requests "
    "and volumeAttributesClassName for bound claims"
)


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


def claim(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    if not spec.get("accessModes"):
        yield required("spec.accessModes", "at least 1 access mode is required")
    for index, mode in enumerate(spec.get("accessModes") or ()):
        yield from checks.one_of(f"spec.accessModes[{index}]", mode, *_ACCESS)
    storage = ((spec.get("resources") or {}).get("requests") or {}).get("storage")
    if storage is None:
        yield required("spec.resources[storage]")
    elif quantity.parse(storage) <= 0:
        yield invalid("spec.resources[storage]", storage, "must be greater than zero")


def claim_update(old: dict, new: dict) -> Iterator[Cause]:
    """A volume is bound once; only the size may change."""
    before, after = ({k: v for k, v in item["spec"].items() if k != "resources"} for item in (old, new))
    before.setdefault("volumeName", after.get("volumeName"))
    after.setdefault("volumeName", None)
    if before != after:
        yield forbidden("spec", _CLAIM_FIXED)
