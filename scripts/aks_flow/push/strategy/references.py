"""What refers to the app's Deployment: Services that select its pods, autoscalers that set their number."""

import copy

from aks_flow.push.strategy import twins
from aks_flow.push.strategy.twins import HASH, TRACK

_PORT = ("name", "port", "targetPort", "protocol", "appProtocol")  # of a Service inside the cluster


def selects(item: dict, deployment: dict) -> bool:
    """Whether a Service finds the Deployment's pods."""
    if item["kind"] != "Service":
        return False
    selector = plain(item)["spec"].get("selector") or {}
    labels = deployment["spec"]["template"].get("metadata", {}).get("labels") or {}
    return bool(selector) and selector.items() <= labels.items()


def scales(item: dict, deployment: dict) -> bool:
    """Whether an object, an autoscaler of whatever kind, sets the Deployment's replicas."""
    target = (item.get("spec") or {}).get("scaleTargetRef") or {}
    kind = target.get("kind", deployment["kind"])
    return (kind, target.get("name")) == (deployment["kind"], deployment["metadata"]["name"])


def beside(service: dict, track: str) -> dict:
    """A Service for a twin's pods alone, inside the cluster: it serves to verify them before others reach
    them."""
    name = twins.name(service["metadata"]["name"], track)
    labels = {**(service["metadata"].get("labels") or {}), TRACK: track}
    metadata = {"name": name, "labels": labels}
    if "namespace" in service["metadata"]:
        metadata["namespace"] = service["metadata"]["namespace"]
    ports = [{key: port[key] for key in _PORT if key in port} for port in service["spec"].get("ports") or []]
    selector = to_track(service, track)["spec"]["selector"]
    spec = {"type": "ClusterIP", "selector": selector, "ports": ports}
    return {"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec}


def to_track(service: dict, track: str) -> dict:
    """The Service for one twin."""
    pinned = plain(service)
    pinned["spec"]["selector"][TRACK] = track
    return pinned


def to_revision(service: dict, hash_: str) -> dict:
    """The Service for one revision of a Deployment: its pods have a label for that already."""
    pinned = plain(service)
    pinned["spec"]["selector"][HASH] = hash_
    return pinned


def plain(service: dict) -> dict:
    """The Service for all of its pods again."""
    own = copy.deepcopy(service)
    selector = own["spec"].get("selector") or {}
    own["spec"]["selector"] = {key: text for key, text in selector.items() if key not in (TRACK, HASH)}
    return own


def retarget(scaler: dict, deployment: str) -> dict:
    """The autoscaler for another Deployment."""
    own = copy.deepcopy(scaler)
    own["spec"]["scaleTargetRef"]["name"] = deployment
    return own
