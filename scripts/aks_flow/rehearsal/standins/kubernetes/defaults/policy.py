"""Defaults of autoscalers, role bindings, priority classes, limit ranges."""

from copy import deepcopy

from aks_flow.rehearsal.standins.kubernetes.defaults.fill import fill, given, objects_in, part

_RBAC = "rbac.authorization.k8s.io"
_CPU_METRIC = {
    "type": "Resource",
    "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 80}},
}
_DOUBLE = {"type": "Percent", "value": 100, "periodSeconds": 15}
_UP = {
    "stabilizationWindowSeconds": 0,
    "selectPolicy": "Max",
    "policies": [{"type": "Pods", "value": 4, "periodSeconds": 15}, _DOUBLE],
}
_DOWN = {"selectPolicy": "Max", "policies": [_DOUBLE]}


def autoscaler(item: dict) -> None:
    spec = part(item, "spec")
    fill(spec, minReplicas=1, metrics=[deepcopy(_CPU_METRIC)])
    if spec.get("behavior") is not None:
        fill(part(part(spec, "behavior"), "scaleUp"), **deepcopy(_UP))
        fill(part(part(spec, "behavior"), "scaleDown"), **deepcopy(_DOWN))


def role_binding(item: dict) -> None:
    if reference := given(item, "roleRef"):
        reference["apiGroup"] = reference.get("apiGroup") or _RBAC
    for subject in objects_in(item, "subjects"):
        if subject.get("kind") in ("User", "Group"):
            fill(subject, apiGroup=_RBAC)


def priority_class(item: dict) -> None:
    fill(item, preemptionPolicy="PreemptLowerPriority")


def limit_range(item: dict) -> None:
    for limit in objects_in(given(item, "spec"), "limits"):
        if limit.get("type") == "Container":
            most = given(limit, "max") | given(limit, "default")
            asked = given(limit, "min") | most | given(limit, "defaultRequest")
            filled = {"default": most, "defaultRequest": asked}
            limit |= {key: amounts for key, amounts in filled.items() if amounts}
