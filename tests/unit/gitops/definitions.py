"""Argo CD's own definitions of its objects, and what of an object does not fit them."""

from copy import deepcopy

from aks_flow.rehearsal.standins.argocd import definitions
from aks_flow.rehearsal.standins.kubernetes.kinds import structural


def schema(kind: str) -> dict:
    known = definitions.all_of_them()
    return definitions.schema(next(item for item in known if item["spec"]["names"]["kind"] == kind))


def faults(item: dict) -> list[str]:
    """Unknown fields, and what is of the wrong type or missing."""
    rules = schema(item["kind"])
    unknown = structural.prune(rules, deepcopy(item))
    return [*unknown, *(f"{cause.field}: {cause.message}" for cause in structural.check(rules, item))]
