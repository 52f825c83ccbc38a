"""Which versions of the app run now."""

from collections.abc import Iterator

from aks_flow.core.image_ref import ImageRef


def images(items: list[dict], app: str) -> Iterator[ImageRef]:
    """Of the app's pods whose container has been started; ``items``: Deployments and Pods of a namespace."""
    labels = _pod_labels(items, app)
    for item in items:
        if labels is not None and item["kind"] == "Pod" and _is_alive(item) and _has(item, labels):
            yield from _started(item, app)


def _pod_labels(items: list[dict], app: str) -> dict | None:
    """The labels by which the app's Deployment selects its pods; None without such a Deployment."""
    for item in items:
        if item["kind"] == "Deployment" and item["metadata"]["name"] == app:
            return item["spec"]["selector"].get("matchLabels") or {}
    return None


def _is_alive(pod: dict) -> bool:
    ended = pod.get("status", {}).get("phase") in ("Succeeded", "Failed")
    return not ended and "deletionTimestamp" not in pod["metadata"]


def _has(pod: dict, labels: dict) -> bool:
    return labels.items() <= (pod["metadata"].get("labels") or {}).items()


def _started(pod: dict, app: str) -> Iterator[ImageRef]:
    statuses = pod.get("status", {}).get("containerStatuses") or []
    image_ids = {status["name"]: status.get("imageID") for status in statuses}
    for container in pod["spec"]["containers"]:
        if container["name"] == app and image_ids.get(app):
            yield ImageRef.parse(container["image"])
