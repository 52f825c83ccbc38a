"""Pods, and the pod templates in every workload."""

from collections.abc import Iterator
from copy import deepcopy

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation.affinity import affinity
from aks_flow.rehearsal.standins.kubernetes.validation.causes import duplicate, forbidden, invalid
from aks_flow.rehearsal.standins.kubernetes.validation.checks import (
    annotations,
    labels,
    matches,
    need,
    not_negative,
    one_of,
    selector,
)
from aks_flow.rehearsal.standins.kubernetes.validation.containers import containers
from aks_flow.rehearsal.standins.kubernetes.validation.resolution import resolution
from aks_flow.rehearsal.standins.kubernetes.validation.security import pod_security
from aks_flow.rehearsal.standins.kubernetes.validation.tolerations import tolerations
from aks_flow.rehearsal.standins.kubernetes.validation.volumes import volumes

_CHANGEABLE = (
    "pod updates may not change fields other than `spec.containers[*].image`,"
    "`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
    "`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)"
)
_NAMES = {
    "serviceAccountName": grammar.subdomain,
    "hostname": grammar.label,
    "subdomain": grammar.label,
    "priorityClassName": grammar.subdomain,
    "runtimeClassName": grammar.subdomain,
}


def pod(item: dict) -> Iterator[Cause]:
    yield from pod_spec("spec", item.get("spec") or {})


def template(path: str, item: dict) -> Iterator[Cause]:
    metadata = item.get("metadata") or {}
    yield from labels(f"{path}.labels", metadata.get("labels") or {})
    yield from annotations(f"{path}.annotations", metadata.get("annotations") or {})
    yield from pod_spec(f"{path}.spec", item.get("spec") or {})


def pod_spec(path: str, spec: dict) -> Iterator[Cause]:
    causes, mountable = volumes(f"{path}.volumes", spec)
    yield from causes
    yield from containers(path, spec, mountable)
    yield from one_of(f"{path}.restartPolicy", spec.get("restartPolicy"), "Always", "OnFailure", "Never")
    priority = spec.get("preemptionPolicy")
    yield from one_of(f"{path}.preemptionPolicy", priority, "PreemptLowerPriority", "Never")
    yield from not_negative(path, spec, "terminationGracePeriodSeconds")
    for field, rule in _NAMES.items():
        if spec.get(field):
            yield from matches(f"{path}.{field}", spec[field], rule)
    deadline = spec.get("activeDeadlineSeconds")
    if deadline is not None and deadline < 1:
        text = "must be between 1 and 2147483647, inclusive"
        yield invalid(f"{path}.activeDeadlineSeconds", deadline, text)
    yield from labels(f"{path}.nodeSelector", spec.get("nodeSelector") or {})
    yield from pod_security(f"{path}.securityContext", spec)
    yield from resolution(path, spec)
    for index, gate in enumerate(spec.get("readinessGates") or ()):
        at = f"{path}.readinessGates[{index}].conditionType"
        yield from matches(at, gate.get("conditionType") or "", grammar.qualified_name)
    yield from affinity(f"{path}.affinity", spec.get("affinity") or {})
    yield from tolerations(f"{path}.tolerations", spec.get("tolerations") or [])
    yield from _spread(f"{path}.topologySpreadConstraints", spec.get("topologySpreadConstraints") or [])


def _spread(path: str, constraints: list[dict]) -> Iterator[Cause]:
    for index, constraint in enumerate(constraints):
        at = f"{path}[{index}]"
        yield from need(at, constraint, "topologyKey", "whenUnsatisfiable")
        if constraint.get("maxSkew", 0) <= 0:
            yield invalid(f"{at}.maxSkew", constraint.get("maxSkew", 0), "must be greater than zero")
        choices = ("DoNotSchedule", "ScheduleAnyway")
        yield from one_of(f"{at}.whenUnsatisfiable", constraint.get("whenUnsatisfiable"), *choices)
        yield from selector(f"{at}.labelSelector", constraint.get("labelSelector") or {})
        if _spread_of(constraint) in map(_spread_of, constraints[index + 1 :]):
            yield duplicate(f"{at}.{{topologyKey, whenUnsatisfiable}}", _spread_of(constraint))


def _spread_of(constraint: dict) -> str:
    return f"{{{constraint.get('topologyKey')}, {constraint.get('whenUnsatisfiable')}}}"


def pod_update(old: dict, new: dict) -> Iterator[Cause]:
    """A pod's images may change, and little else; a node is given once."""
    if _fixed(old["spec"], new["spec"]) != _fixed(new["spec"], new["spec"]):
        yield forbidden("spec", _CHANGEABLE)
    if not _only_added(old["spec"].get("tolerations") or [], new["spec"].get("tolerations") or []):
        yield forbidden(
            "spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"
        )


def _fixed(spec: dict, newest: dict) -> dict:
    fixed = deepcopy(spec)
    for field in ("activeDeadlineSeconds", "tolerations", "ephemeralContainers"):
        fixed.pop(field, None)
    if not fixed.get("nodeName"):
        fixed["nodeName"] = newest.get("nodeName")
    for container in (*fixed.get("containers", ()), *fixed.get("initContainers", ())):
        container.pop("image", None)
    return fixed


def _only_added(old: list[dict], new: list[dict]) -> bool:
    def timeless(toleration: dict) -> dict:
        return {key: value for key, value in toleration.items() if key != "tolerationSeconds"}

    return all(timeless(toleration) in map(timeless, new) for toleration in old)
