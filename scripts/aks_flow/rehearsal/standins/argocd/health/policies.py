"""Autoscalers, disruption budgets, routes: what their controllers' conditions say."""

import json
from collections.abc import Iterable

from aks_flow.rehearsal.standins.argocd.health.status import DEGRADED, HEALTHY, PROGRESSING, Health

_FIRST_VERSION = "autoscaling/v1"
_ITS_CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions"  # an annotation, in JSON
_NO_SCALE = ("FailedGetScale", "FailedUpdateScale")
_NO_METRIC = (
    *("FailedGetResourceMetric", "FailedGetObjectMetric", "FailedGetPodsMetric", "FailedGetExternalMetric"),
    *("FailedComputeMetricsReplicas", "InvalidSelector"),
)
_DEGRADED = {("AbleToScale", reason) for reason in _NO_SCALE} | {
    ("ScalingActive", reason) for reason in _NO_METRIC
}


def autoscaler(item: dict) -> Health:
    """Since v3.5 what is bad decides, wherever it stands among the conditions."""
    conditions = _autoscaler_conditions(item)
    for entry in conditions:
        if (entry["type"], entry.get("reason")) in _DEGRADED:
            return Health(DEGRADED, entry.get("message", ""))
    for entry in conditions:
        if entry["type"] in ("AbleToScale", "ScalingLimited") and entry["status"] == "True":
            return Health(HEALTHY, entry.get("message", ""))
    return Health(PROGRESSING, "Waiting to Autoscale")


def _autoscaler_conditions(item: dict) -> list[dict]:
    if item["apiVersion"] == _FIRST_VERSION:
        return json.loads((item["metadata"].get("annotations") or {}).get(_ITS_CONDITIONS, "[]"))
    return _conditions(item.get("status") or {})


def budget(item: dict) -> Health:
    """Too few pods are no fault of the budget."""
    health = Health(PROGRESSING, "Waiting for status")
    for entry in _conditions(item.get("status") or {}):
        message = f"PodDisruptionBudget has {entry['reason']}"
        if entry["status"] == "False" and entry["reason"] != "InsufficientPods":
            return Health(DEGRADED, message)
        health = Health(HEALTHY, message)
    return health


def route(item: dict) -> Health:
    """A Gateway API HTTPRoute: the first parent that refuses it decides, then one that is not ready."""
    parents = (item.get("status") or {}).get("parents") or []
    told = [parent for parent in parents if _conditions(parent)]
    for parent in told:
        name = parent.get("parentRef", {}).get("name", "")
        if refused := _said(parent, ("ResolvedRefs", "Accepted"), ("False",), "Failed condition: {}"):
            return Health(DEGRADED, f"Parent {name}: {refused}")
        if waits := _said(parent, ("Programmed",), ("False", "Unknown"), "Route is still being programmed"):
            return Health(PROGRESSING, f"Parent {name}: {waits}")
    if told:
        return Health(HEALTHY, "HTTPRoute is healthy")
    return Health(PROGRESSING, "Waiting for HTTPRoute status")


def _said(parent: dict, types: Iterable[str], statuses: tuple[str, ...], otherwise: str) -> str:
    """What the first condition of these types and statuses says; "" without one."""
    for kind in types:
        for entry in _conditions(parent):
            if entry["type"] == kind and entry["status"] in statuses:
                return entry.get("message") or otherwise.format(kind)
    return ""


def _conditions(holder: dict) -> list[dict]:
    return holder.get("conditions") or []
