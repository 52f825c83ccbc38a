"""Which versions of the app run now."""

from collections.abc import Iterator

from aks_flow.core.image_ref import ImageRef


def images(items: list[dict], app: str) -> Iterator[ImageRef]:
    """Of the app's pods whose container has been started; ``items``: Deployments and Pods of a namespace."""
    named = (one for one in items if one["kind"] == "Deployment" and one["metadata"]["name"] == app)
    labels = next((one["spec"]["selector"].get("matchLabels") or {} for one in named), None)
    for item in items:
        if labels is not None and item["kind"] == "Pod" and _lives(item) and _has(item, labels):
            yield from _started(item, app)


def _lives(pod: dict) -> bool:
    ended = pod.get("status", {}).get("phase") in ("Succeeded", "Failed")
    return not ended and "deletionTimestamp" not in pod["metadata"]


def _has(pod: dict, labels: dict) -> bool:
    return labels.items() <= (pod["metadata"].get("labels") or {}).items()


def _started(pod: dict, app: str) -> Iterator[ImageRef]:
    states = {one["name"]: one for one in pod.get("status", {}).get("containerStatuses") or []}
    for one in pod["spec"]["containers"]:
        if one["name"] == app and states.get(app, {}).get("imageID"):
            yield ImageRef.parse(one["image"])
