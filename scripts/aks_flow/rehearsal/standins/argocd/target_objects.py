"""Rendered objects -> those that are to be in the cluster: with their namespace and whose they are. Pure."""

from collections.abc import Callable
from copy import deepcopy

from aks_flow.rehearsal.standins.argocd import names, object_refs


def prepare(
    objects: list[dict], application: str, namespace: str, namespaced: Callable[[dict], bool]
) -> list[dict]:
    """``namespace`` goes to the objects that live in one and name none; the last of two same objects wins."""
    by_ref = {}
    for item in objects:
        ready = _placed(deepcopy(item), namespace, namespaced(item))
        by_ref[object_refs.of(ready)] = _tracked(ready, application)
    return list(by_ref.values())


def _placed(item: dict, namespace: str, namespaced: bool) -> dict:
    if not namespaced:
        item["metadata"].pop("namespace", None)
    elif not item["metadata"].get("namespace"):
        item["metadata"]["namespace"] = namespace
    return item


def _tracked(item: dict, application: str) -> dict:
    annotations = item["metadata"].get("annotations") or {}
    tracking = {names.TRACKING_ID: object_refs.tracking_id(application, object_refs.of(item))}
    item["metadata"]["annotations"] = annotations | tracking
    return item
