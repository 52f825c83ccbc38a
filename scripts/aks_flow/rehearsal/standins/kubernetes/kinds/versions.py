"""Kinds that are another form of a kind that is stored: the same objects under two versions or names."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

T = TypeVar("T")

_EVENT_FIELDS = {
    "involvedObject": "regarding",
    "message": "note",
    "source": "deprecatedSource",
    "firstTimestamp": "deprecatedFirstTimestamp",
    "lastTimestamp": "deprecatedLastTimestamp",
    "count": "deprecatedCount",
    "reportingComponent": "reportingController",
}
# Where autoscaling/v1 keeps what it has no field for.
_METRICS = "autoscaling.alpha.kubernetes.io/metrics"
_BEHAVIOR = "autoscaling.alpha.kubernetes.io/behavior"
_CONDITIONS = "autoscaling.alpha.kubernetes.io/conditions"


@dataclass(frozen=True)
class _Form:
    hub: Kind
    accept: Callable[[dict], dict]
    present: Callable[[dict], dict]


def hub(kind: Kind) -> Kind:
    """The kind as which objects of this kind are stored: itself, for all but a few."""
    return _FORMS[kind].hub if kind in _FORMS else kind


def accept(kind: Kind, item: dict) -> dict:
    """An object of a kind as its hub has it."""
    return _FORMS[kind].accept(item) | _named(hub(kind)) if kind in _FORMS else item


def present(kind: Kind, item: dict) -> dict:
    """A stored object as an object of a kind."""
    return (_FORMS[kind].present(item) if kind in _FORMS else item) | _named(kind)


def _named(kind: Kind) -> dict:
    return {"kind": kind.kind, "apiVersion": kind.api_version}


def _renamed(names: dict[str, str]) -> Callable[[dict], dict]:
    return lambda item: {names.get(field, field): value for field, value in item.items()}


def _accept_v1(item: dict) -> dict:
    spec = dict(item.get("spec") or {})
    annotations = dict(item["metadata"].get("annotations") or {})
    metrics = _unpacked(annotations, _METRICS, list)
    if percentage := spec.pop("targetCPUUtilizationPercentage", None):
        metrics.insert(0, _cpu({"target": {"type": "Utilization", "averageUtilization": percentage}}))
    if metrics:
        spec["metrics"] = metrics
    if behavior := _unpacked(annotations, _BEHAVIOR, dict):
        spec["behavior"] = behavior
    annotations.pop(_CONDITIONS, None)
    return item | {"spec": spec, "metadata": _annotated(item["metadata"], annotations)}


def _present_v1(item: dict) -> dict:
    spec, status = dict(item.get("spec") or {}), dict(item.get("status") or {})
    annotations = dict(item["metadata"].get("annotations") or {})
    metrics = spec.pop("metrics", None) or []
    for metric in metrics:
        if percentage := _percentage(metric, "target"):
            spec["targetCPUUtilizationPercentage"] = percentage
    for metric in status.pop("currentMetrics", None) or []:
        if percentage := _percentage(metric, "current"):
            status["currentCPUUtilizationPercentage"] = percentage
    kept = {
        _METRICS: [metric for metric in metrics if not _percentage(metric, "target")],
        _BEHAVIOR: spec.pop("behavior", None),
        _CONDITIONS: status.pop("conditions", None),
    }
    annotations |= {name: json.dumps(value, separators=(",", ":")) for name, value in kept.items() if value}
    return item | {"spec": spec, "status": status, "metadata": _annotated(item["metadata"], annotations)}


def _unpacked(annotations: dict, name: str, shape: type[T]) -> T:
    """Take what an annotation keeps; StatusError 400 if a client has put something else there."""
    try:
        kept = json.loads(annotations.pop(name, "null"))
    except ValueError as error:
        raise bad_request(f"annotation {name} is not JSON: {error}") from error
    if kept is not None and not isinstance(kept, shape):
        raise bad_request(f"annotation {name} is not a {shape.__name__}")
    return kept or shape()


def _annotated(metadata: dict, annotations: dict) -> dict:
    rest = {field: value for field, value in metadata.items() if field != "annotations"}
    return rest | ({"annotations": annotations} if annotations else {})


def _cpu(rest: dict) -> dict:
    return {"type": "Resource", "resource": {"name": "cpu"} | rest}


def _percentage(metric: dict, side: str) -> int | None:
    resource = metric.get("resource") or {}
    return (resource.get(side) or {}).get("averageUtilization") if resource.get("name") == "cpu" else None


_FORMS = {
    kinds.NEW_EVENT: _Form(
        kinds.EVENT,
        accept=_renamed({new: old for old, new in _EVENT_FIELDS.items()}),
        present=_renamed(_EVENT_FIELDS),
    ),
    kinds.OLD_AUTOSCALER: _Form(kinds.HORIZONTAL_POD_AUTOSCALER, accept=_accept_v1, present=_present_v1),
}
