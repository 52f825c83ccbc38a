"""How each kind of workload says that it has rolled out, and which pods are of its new revision."""

from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.verdict.pods import conditions, is_ready, living, revision_hash


@dataclass(frozen=True)
class JobFailure:
    """Why a Job ended without success, in the words of its condition: ``DeadlineExceeded`` and a sentence."""

    reason: str
    message: str

    def __str__(self) -> str:
        return f"{self.reason}: {self.message}"


@dataclass(frozen=True)
class Reading:
    """What a workload says of itself.

    waits_for: "" if it has rolled out.
    pods: of the new revision. replicas: how many there are to be. maker: the uid of what makes them.
    leaving: pods that are being deleted.
    stalled, refused, failed: see `facts.WorkloadFacts`.
    """

    waits_for: str
    pods: list[dict]
    maker: str
    replicas: int = 0
    leaving: tuple[dict, ...] = ()
    stalled: str = ""
    refused: str = ""
    failed: JobFailure | None = None


def stopped(item: dict) -> str:
    """Who stopped a workload, and what starts it again; "" if nobody has."""
    name, spec = item["metadata"]["name"], item["spec"]
    if item["kind"] == "Deployment" and spec.get("paused"):
        return f"it is paused; `kubectl rollout resume deployment/{name}` goes on"
    if item["kind"] == "Job" and spec.get("suspend"):
        patch = """--type=merge --patch='{"spec":{"suspend":false}}'"""
        return f"it is suspended; `kubectl patch job/{name} {patch}` goes on"
    return ""


def has_rolled_out(item: dict) -> bool:
    """Whether a workload's own status says that it has rolled out; its pods are not looked at."""
    if item.get("status", {}).get("observedGeneration") != item["metadata"].get("generation"):
        return False
    if item["kind"] == "Deployment":
        return not (stopped(item) or _replaced(item, []))
    return item["kind"] != "Job" and not READ[item["kind"]](item, NamespaceObjects([])).waits_for


def _deployment(item: dict, objects: NamespaceObjects) -> Reading:
    current = replica_set(item, objects)
    if current is None:
        return Reading("its ReplicaSet", [], "", leaving=_leaving(item, objects))
    uid, name = current["metadata"]["uid"], current["metadata"]["name"]
    new = living(objects.owned("Pod", uid))
    progress = conditions(item).get("Progressing", {})
    # After a change of the template this condition may still tell of the revision before: it names its own.
    late = progress.get("reason") == "ProgressDeadlineExceeded" and f'"{name}"' in progress.get("message", "")
    failure = conditions(current).get("ReplicaFailure", {})
    return Reading(
        stopped(item) or _replaced(item, new),
        new,
        uid,
        item["spec"].get("replicas", 1),
        _leaving(item, objects),
        stalled=progress["message"] if late else "",
        refused=failure.get("message", "") if failure.get("status") == "True" else "",
    )


def replica_set(deployment: dict, objects: NamespaceObjects) -> dict | None:
    """The one whose template is the Deployment's: how the Deployment controller itself finds it."""
    template = deployment["spec"]["template"]
    owned = objects.owned("ReplicaSet", deployment["metadata"]["uid"])
    same = [item for item in owned if _without_hash(item["spec"]["template"]) == template]
    return min(same, key=lambda item: item["metadata"].get("creationTimestamp", ""), default=None)


def _leaving(deployment: dict, objects: NamespaceObjects) -> tuple[dict, ...]:
    """The pods of all its ReplicaSets that are being deleted."""
    return _ending(objects, *objects.owned("ReplicaSet", deployment["metadata"]["uid"]))


def _ending(objects: NamespaceObjects, *makers: dict) -> tuple[dict, ...]:
    pods = (pod for maker in makers for pod in objects.owned("Pod", maker["metadata"]["uid"]))
    return tuple(pod for pod in pods if "deletionTimestamp" in pod["metadata"])


def _without_hash(template: dict) -> dict:
    metadata = template.get("metadata", {})
    labels = {
        key: value for key, value in (metadata.get("labels") or {}).items() if key != "pod-template-hash"
    }
    return {**template, "metadata": {**metadata, "labels": labels}}


def _replaced(item: dict, new: list[dict]) -> str:
    """As `kubectl rollout status` counts, but unready new pods first: the old ones wait for them."""
    status, replicas = item.get("status", {}), item["spec"].get("replicas", 1)
    updated, available = status.get("updatedReplicas", 0), status.get("availableReplicas", 0)
    if updated < replicas:
        return f"{updated} of {replicas} new pods made"
    ready, old = sum(map(is_ready, new)), status.get("replicas", 0) - updated
    if ready < updated <= len(new):
        return f"{ready} of {updated} new pods ready"
    if old > 0:
        return f"{old} old {'pod' if old == 1 else 'pods'} to go"
    return f"{available} of {updated} new pods available" if available < updated else ""


def _stateful_set(item: dict, objects: NamespaceObjects) -> Reading:
    uid, revision = item["metadata"]["uid"], item.get("status", {}).get("updateRevision", "")
    every, new = living(objects.owned("Pod", uid)), _to_be_new(item["spec"])
    pods, old = ([pod for pod in every if (revision_hash(pod) == revision) is same] for same in (True, False))
    stuck = next((pod["metadata"]["name"] for pod in old if new and not is_ready(pod)), "")
    why = f": {stuck} is of an older revision and not ready, and replaced only when it is" if stuck else ""
    waits_for = _ordered(item, new)
    return Reading(waits_for and waits_for + why, pods, uid, new, _ending(objects, item))


def _to_be_new(spec: dict) -> int:
    """How many pods of a StatefulSet its controller brings to the new revision by itself."""
    strategy = spec.get("updateStrategy", {})
    if strategy.get("type", "RollingUpdate") != "RollingUpdate":
        return 0
    kept = (strategy.get("rollingUpdate") or {}).get("partition") or 0
    return max(spec.get("replicas", 1) - kept, 0)


def _ordered(item: dict, new: int) -> str:
    status, replicas = item.get("status", {}), item["spec"].get("replicas", 1)
    ready = status.get("readyReplicas", 0)
    if ready < replicas:
        return f"{ready} of {replicas} pods ready"
    all_new = status.get("updateRevision") == status.get("currentRevision")
    updated = replicas if all_new else status.get("updatedReplicas", 0)
    if updated < new:
        return f"{updated} of {new} new pods made"
    available = status.get("availableReplicas", ready)
    return f"{available} of {replicas} pods available" if available < replicas else ""


def _daemon_set(item: dict, objects: NamespaceObjects) -> Reading:
    uid, status = item["metadata"]["uid"], item.get("status", {})
    revisions = objects.owned("ControllerRevision", uid)
    newest = revision_hash(max(revisions, key=lambda revision: revision["revision"])) if revisions else ""
    pods = [pod for pod in living(objects.owned("Pod", uid)) if revision_hash(pod) == newest]
    nodes, available = status.get("desiredNumberScheduled", 0), status.get("numberAvailable", 0)
    updated = status.get("updatedNumberScheduled", 0)
    rolling = item["spec"].get("updateStrategy", {}).get("type", "RollingUpdate") == "RollingUpdate"
    waits_for = f"{available} of {nodes} pods available" if available < nodes else ""
    if rolling and updated < nodes:
        waits_for = f"{updated} of {nodes} new pods made"
    return Reading(waits_for, pods, uid, nodes if rolling else 0, _ending(objects, item))


def _job(item: dict, objects: NamespaceObjects) -> Reading:
    uid, end = item["metadata"]["uid"], job_end(item)
    if end == COMPLETE:  # whatever became of the pods that it needed on its way
        return Reading("", [], uid)
    pods = [pod for pod in objects.owned("Pod", uid) if pod.get("status", {}).get("phase") != "Succeeded"]
    if end == FAILED:
        failed = {**conditions(item).get(_FAILS, {}), **conditions(item).get(FAILED, {})}
        failure = JobFailure(failed.get("reason", ""), failed.get("message", ""))
        return Reading("it failed", pods, uid, failed=failure)
    return Reading(stopped(item) or "its end", pods, uid)


COMPLETE, FAILED = "Complete", "Failed"
# Said at once; that it has failed is said when its pods have ended, and their logs may be gone.
_FAILS = "FailureTarget"


def job_end(job: dict) -> str:
    """How a Job has ended, COMPLETE or FAILED; "" if it has not."""
    present = {type for type, condition in conditions(job).items() if condition.get("status") == "True"}
    return COMPLETE if COMPLETE in present else FAILED if present & {FAILED, _FAILS} else ""


READ: dict[str, Callable[[dict, NamespaceObjects], Reading]] = {
    "Deployment": _deployment,
    "StatefulSet": _stateful_set,
    "DaemonSet": _daemon_set,
    "Job": _job,
}
