"""Objects as tables: kubectl's columns, made by the server (meta.k8s.io/v1 Table)."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.printers import cluster, idle, network, policy, storage, workloads
from aks_flow.rehearsal.standins.kubernetes.printers.columns import Table, table
from aks_flow.rehearsal.standins.kubernetes.printers.custom import custom

_BY_KIND = workloads.TABLES | network.TABLES | storage.TABLES | policy.TABLES | cluster.TABLES | idle.TABLES
_OTHER = table(lambda item, _: [item["metadata"].get("creationTimestamp")], "Created At:date")
_COMPLETED = {"Succeeded": "The pod has completed successfully.", "Failed": "The pod failed."}


def render(kind: Kind, objects: list[dict], now: str) -> dict:
    """A Table with a row for each object; ``object`` holds its metadata only. now: RFC 3339."""
    form, moment = _form(kind), times.parse(now)
    return {
        "kind": "Table",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": {},
        "columnDefinitions": [dict(column) for column in form.columns],
        "rows": [
            {"cells": form.cells(item, moment)} | _conditions(kind, item) | _partial(item) for item in objects
        ],
    }


def _form(kind: Kind) -> Table:
    return custom(kind) if kind.is_custom else _BY_KIND.get(kind, _OTHER)


def _partial(item: dict) -> dict:
    metadata = {"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": item["metadata"]}
    return {"object": metadata}


def _conditions(kind: Kind, item: dict) -> dict:
    """kubectl leaves completed pods out of some views by this."""
    phase = (item.get("status") or {}).get("phase")
    if kind != kinds.POD or phase not in _COMPLETED:
        return {}
    condition = {"type": "Completed", "status": "True", "reason": phase, "message": _COMPLETED[phase]}
    return {"conditions": [condition]}
