"""Deployments beside the app's own, derived from it."""

import copy
import math

from aks_flow.push.fields.applied import configuration, is_applied
from aks_flow.push.fields.managers import deliverer

TRACK = "aks-flow/track"  # a label of twins and of their pods, and of nothing else
HASH = "pod-template-hash"  # the Deployment controller's own label of a revision's pods
CANARY, BASELINE, GREEN = "canary", "baseline", "green"
TRACKS = (CANARY, BASELINE, GREEN)
STEP = "aks-flow/step"  # an annotation of the canary: how many of its steps are begun
_KEPT = ("name", "namespace", "labels")  # of the metadata; the rest is the server's, or meant for one object


def name(deployment: str, track: str) -> str:
    return f"{deployment}-{track}"


def twin(deployment: dict, track: str, replicas: int, **annotations: str) -> dict:
    """A Deployment with the pods of another one, from a manifest or a server, and one more label."""
    own = copy.deepcopy({"metadata": _metadata(deployment), "spec": deployment["spec"]})
    own["metadata"] |= {"name": name(deployment["metadata"]["name"], track), "annotations": annotations}
    _label(own["metadata"], track)
    own["spec"]["replicas"] = replicas
    selector = own["spec"]["selector"]
    selector["matchLabels"] = {**(selector.get("matchLabels") or {}), TRACK: track}
    _label(own["spec"]["template"].setdefault("metadata", {}), track)
    return {"apiVersion": deployment["apiVersion"], "kind": deployment["kind"], **own}


def _metadata(item: dict) -> dict:
    return {key: item["metadata"][key] for key in _KEPT if key in item["metadata"]}


def _label(metadata: dict, track: str) -> None:
    metadata["labels"] = {**(metadata.get("labels") or {}), TRACK: track}


def share(replicas: int, percent: int) -> int:
    """How many pods a canary has beside so many: rounded up, and at least one."""
    return max(1, math.ceil(replicas * percent / 100))


def same_pods(live: dict, other: dict) -> bool:
    """Whether two Deployments of the cluster make the same pods, apart from a twin's label."""
    return _pods(configuration(live)) == _pods(configuration(other))


def runs_pods_of(live: dict, deployment: dict) -> bool:
    """Whether a Deployment of the cluster makes a manifest's pods, apart from a twin's label."""
    if deliverer(live) is None:
        return _pods(configuration(live)) == _pods(deployment)
    track = (live["metadata"].get("labels") or {}).get(TRACK)
    own = copy.deepcopy(deployment)
    if track:
        _label(own["spec"]["template"].setdefault("metadata", {}), track)
    return is_applied(own, live, "spec", "template")


def _pods(deployment: dict) -> dict:
    template = deployment["spec"]["template"]
    metadata = template.get("metadata") or {}
    labels = {key: text for key, text in (metadata.get("labels") or {}).items() if key != TRACK}
    return {**template, "metadata": {**metadata, "labels": labels}}
