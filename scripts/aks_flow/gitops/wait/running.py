"""Which versions of the app run now."""

from collections.abc import Iterator

from aks_flow.core.image_ref import ImageRef
from aks_flow.rollout.verdict.pods import living
from aks_flow.tools.kubectl import kinds


def images(items: list[dict], app: str) -> Iterator[ImageRef]:
    """As `started`, without the pods."""
    return (image for _, image in started(items, app))


def started(items: list[dict], app: str) -> Iterator[tuple[dict, ImageRef]]:
    """The app's pods whose container has been started; ``items``: workloads and Pods of a namespace."""
    labels = _pod_labels(items, app)
    for pod in living(item for item in items if item["kind"] == "Pod"):
        if labels is not None and _has(pod, labels):
            yield from ((pod, image) for image in _started(pod, app))


def _pod_labels(items: list[dict], app: str) -> dict | None:
    """The labels by which the app's own workload selects its pods; None without such a one."""
    for item in items:
        if kinds.is_own(item, app):
            return item["spec"]["selector"].get("matchLabels") or {}
    return None


def _has(pod: dict, labels: dict) -> bool:
    return labels.items() <= (pod["metadata"].get("labels") or {}).items()


def _started(pod: dict, app: str) -> Iterator[ImageRef]:
    statuses = pod.get("status", {}).get("containerStatuses") or []
    image_ids = {status["name"]: status.get("imageID") for status in statuses}
    container = own_container(pod["spec"]["containers"], app)
    if image_ids.get(container["name"]):
        yield ImageRef.parse(container["image"])


def own_container(containers: list[dict], app: str) -> dict:
    """The app's own among a pod's: the one of its name, or the first."""
    return next((container for container in containers if container["name"] == app), containers[0])
