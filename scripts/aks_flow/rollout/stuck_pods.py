"""Pods that a StatefulSet's controller will not replace: it waits until they are ready, even to replace them.

https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#forced-rollback
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.rollout.verdict.goal import GoalTarget
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.verdict.pods import conditions, is_ready, revision_hash
from aks_flow.tools.kubectl import Kubectl, delete, output


class PodReplacer:
    """Deletes them at every look, each once: its controller makes the newest revision's in its place.

    all: also those that were ready before, and may be again; else one that was never ready alone.
    """

    def __init__(self, run: Runner, cluster: Kubectl, tell: Callable[[str], None], all: bool = True):
        self._run, self._cluster, self._tell, self._all = run, cluster, tell, all
        self._seen: set[str] = set()  # the uids of pods

    def __call__(self, objects: NamespaceObjects, targets: Iterable[GoalTarget]) -> None:
        """CommandFailed if nobody answers."""
        sets = [target.name for target in targets if target.kind == "StatefulSet"]
        stuck = [pod for name in sets for pod in of(objects, name) if self._all or not _was_ready(pod)]
        for pod in (pod["metadata"] for pod in stuck):
            if pod["uid"] not in self._seen:
                self._replace(pod)
                self._seen.add(pod["uid"])

    def _replace(self, pod: dict) -> None:
        what = f"the pod {pod['name']}: it is of an older revision, and not ready"
        try:
            self._run.run(delete.pod(self._cluster, pod["name"], pod["uid"]))
        except CommandFailed as error:
            if error.unanswered:
                raise
            if output.refusal(error.result) not in ("NotFound", "Conflict"):  # else it has gone by itself
                self._tell(f"could not delete {what}: {error.in_one_line}")
        else:
            self._tell(f"deleted {what}")


def of(objects: NamespaceObjects, name: str) -> list[dict]:
    """The pods of a StatefulSet that have another revision than its newest, and are not ready.

    None while its controller has not seen the newest spec, or if it is to leave pods at an older revision.
    """
    item = objects.named("StatefulSet", name)
    if item is None or _is_unobserved(item) or not _replaces_all(item):
        return []
    revision = item.get("status", {}).get("updateRevision")
    pods = objects.owned("Pod", item["metadata"]["uid"])
    return [pod for pod in pods if revision_hash(pod) != revision and not is_ready(pod) and not _ends(pod)]


def _is_unobserved(item: dict) -> bool:
    return item.get("status", {}).get("observedGeneration", 0) < item["metadata"].get("generation", 0)


def _replaces_all(item: dict) -> bool:
    strategy = item.get("spec", {}).get("updateStrategy") or {}
    is_rolling = strategy.get("type", "RollingUpdate") == "RollingUpdate"
    return is_rolling and not (strategy.get("rollingUpdate") or {}).get("partition")


def _was_ready(pod: dict) -> bool:
    """Whether its readiness has changed since its start: the kubelet writes of both first at one moment."""
    started = pod["status"].get("startTime")
    changed = conditions(pod).get("Ready", {}).get("lastTransitionTime")
    return bool(changed and started) and datetime.fromisoformat(changed) > datetime.fromisoformat(started)


def _ends(pod: dict) -> bool:
    return "deletionTimestamp" in pod["metadata"]
