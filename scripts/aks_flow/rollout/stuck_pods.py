"""Pods that a StatefulSet's controller will not replace: it waits until they are ready, even to replace them.

https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
"""

from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.verdict.pods import is_ready


def of(objects: NamespaceObjects, name: str) -> list[dict]:
    """The pods of a StatefulSet that have another revision than its newest, and are not ready.

    None while its controller has not seen the newest spec, or if it is to leave pods at an older revision.
    """
    item = objects.named("StatefulSet", name)
    if item is None or _is_unobserved(item) or not _replaces_all(item):
        return []
    revision = item.get("status", {}).get("updateRevision")
    pods = objects.owned("Pod", item["metadata"]["uid"])
    return [pod for pod in pods if _revision(pod) != revision and not is_ready(pod) and not _ends(pod)]


def _is_unobserved(item: dict) -> bool:
    return item.get("status", {}).get("observedGeneration", 0) < item["metadata"].get("generation", 0)


def _replaces_all(item: dict) -> bool:
    strategy = item.get("spec", {}).get("updateStrategy") or {}
    is_rolling = strategy.get("type", "RollingUpdate") == "RollingUpdate"
    return is_rolling and not (strategy.get("rollingUpdate") or {}).get("partition")


def _revision(pod: dict) -> str:
    return (pod["metadata"].get("labels") or {}).get("controller-revision-hash", "")


def _ends(pod: dict) -> bool:
    return "deletionTimestamp" in pod["metadata"]
