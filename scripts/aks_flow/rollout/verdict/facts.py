"""What a cluster's objects say about a goal: each workload, its new pods, and the events about them.

Only pods of the goal's own revision count, and nothing that the controllers said before they had observed
the goal's generation.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aks_flow.rollout.verdict import kinds
from aks_flow.rollout.verdict.goal import GoalTarget, RolloutGoal
from aks_flow.rollout.verdict.kinds import JobFailure
from aks_flow.rollout.verdict.objects import NamespaceObjects
from aks_flow.rollout.verdict.pods import ObservedPod, observed_pod
from aks_flow.rollout.verdict.tolerance import is_tolerant

# Why a Job fails, as its condition and the event of that say (batch/v1 JobFailed's reasons).
_JOB_FAILED = (
    *("BackoffLimitExceeded", "DeadlineExceeded", "PodFailurePolicy", "MaxFailedIndexesExceeded"),
    *("FailedIndexes", "SuccessCriteriaNotMet"),
)


@dataclass(frozen=True)
class WorkloadFacts:
    """One workload at one moment.

    waits_for: what is missing until it has rolled out, "" if nothing.
    overwritten: whether somebody else changed its images.
    emptied: whether somebody has scaled it to none since.
    stopped: that somebody has paused or suspended it, "" if nobody has.
    stalled: the controller's word that it makes no progress, "" if it has not said so.
    refused: why the next pod is not made, "" if nothing keeps it from that.
    failed: why a Job ended without success; None if it did not.
    steady: seconds that it asks of a pod (minReadySeconds), 0 for none.
    leaving: old pods that are to end and have not.
    lost: what became of its last new pod that has failed, such as an eviction; "" if none has.
    tolerant: whether what can heal has until the deadline. promised: as of `RolloutGoal`.
    """

    target: GoalTarget
    waits_for: str = ""
    overwritten: bool = False
    emptied: bool = False
    stopped: str = ""
    stalled: str = ""
    refused: str = ""
    failed: JobFailure | None = None
    steady: int = 0
    pods: tuple[ObservedPod, ...] = ()
    leaving: tuple[ObservedPod, ...] = ()
    lost: str = ""
    tolerant: bool = False
    promised: frozenset[str] = frozenset()

    @property
    def ref(self) -> str:
        return self.target.ref


@dataclass(frozen=True)
class RolloutFacts:
    """workloads: the goal's. unserved: Services without a ready endpoint. leaving: pods that end."""

    workloads: tuple[WorkloadFacts, ...]
    unserved: tuple[str, ...] = ()
    leaving: int = 0


def read(goal: RolloutGoal, items: Iterable[dict]) -> RolloutFacts:
    """The facts about ``goal`` in the objects of its namespace, in any order."""
    objects = NamespaceObjects(items)
    leaving = sum(1 for pod in objects.of("Pod") if "deletionTimestamp" in pod["metadata"])
    every = (_workload(target, objects) for target in goal.targets)
    workloads = tuple(replace(workload, promised=goal.promised) for workload in every)
    if goal.tolerant:
        workloads = tuple(replace(workload, tolerant=True) for workload in workloads)
    unserved = tuple(name for name in goal.services if not objects.has_endpoint(name))
    return RolloutFacts(workloads, unserved, leaving)


def _workload(target: GoalTarget, objects: NamespaceObjects) -> WorkloadFacts:
    item = objects.named(target.kind, target.name)
    if item is None:
        return _gone(target, objects)
    generation, status = item["metadata"].get("generation", 0), item.get("status", {})
    if generation < target.generation:
        return WorkloadFacts(target, "the cluster to show what was applied")
    if target.template is not None and _images(item["spec"]["template"]) != _images(target.template):
        return WorkloadFacts(target, "what was applied to be there again", overwritten=True)
    if status.get("observedGeneration", 0 if target.kind != "Job" else generation) < generation:
        return WorkloadFacts(target, f"generation {generation} to be observed")
    return _rolling(target, item, objects)


def _gone(target: GoalTarget, objects: NamespaceObjects) -> WorkloadFacts:
    """A Job that has removed itself (ttlSecondsAfterFinished) is known by the event of its end."""
    for event in reversed(objects.events_of(target.uid) if target.kind == "Job" and target.uid else []):
        if event.reason == "Completed":
            return WorkloadFacts(target)
        if event.reason in _JOB_FAILED:
            failure = JobFailure(event.reason, event.message)
            return WorkloadFacts(target, "it failed", failed=failure)
    deleted = "it was applied, and somebody deleted it" if target.uid and target.kind != "Job" else ""
    return WorkloadFacts(target, "the cluster to show it", refused=deleted)


def _rolling(target: GoalTarget, item: dict, objects: NamespaceObjects) -> WorkloadFacts:
    """The facts about a workload whose controller has observed what was applied."""
    reading = kinds.READ[target.kind](item, objects)
    pods, leaving = (
        tuple(observed_pod(pod, objects.events_about(pod)) for pod in every)
        for every in (reading.pods, reading.leaving)
    )
    unseen = f"{len(pods)} of {reading.replicas} new pods seen" if len(pods) < reading.replicas else ""
    return WorkloadFacts(
        target,
        reading.waits_for or unseen or _to_be_scaled(target, item),
        emptied=bool(target.replicas) and item["spec"].get("replicas") == 0,
        stopped=kinds.stopped(item),
        stalled=reading.stalled,
        refused=reading.refused or _refused(objects, reading.maker),
        failed=reading.failed,
        steady=item["spec"].get("minReadySeconds", 0),
        pods=pods,
        leaving=leaving,
        lost=_lost(objects.owned("Pod", reading.maker)),
        tolerant=is_tolerant(item),
    )


def _lost(pods: list[dict]) -> str:
    failed = [pod for pod in pods if pod.get("status", {}).get("phase") == "Failed"]
    last = max(failed, key=lambda pod: pod["metadata"].get("creationTimestamp", ""), default=None)
    told = [last["status"].get(key) for key in ("reason", "message")] if last else []
    return ": ".join([f"{last['metadata']['name']} has failed", *filter(None, told)]) if last else ""


def _to_be_scaled(target: GoalTarget, item: dict) -> str:
    """What an autoscaler has still to do; it leaves alone what is scaled to none."""
    replicas = item["spec"].get("replicas", 1)
    is_below = 0 < replicas < target.floor
    return f"{replicas} of {target.floor} pods asked for by its autoscaler" if is_below else ""


def _images(template: dict) -> dict[str, str]:
    """What makes a template another version; others may add notes and variables of their own to it."""
    spec = template.get("spec", {})
    containers = [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]
    return {container["name"]: container.get("image", "") for container in containers}


def _refused(objects: NamespaceObjects, maker: str) -> str:
    """Why no pod could be made, unless one was made since: after many failures no more events are kept."""
    last, pods = objects.events_of(maker)[-1:], objects.owned("Pod", maker)
    made = max((pod["metadata"].get("creationTimestamp", "") for pod in pods), default="")
    counts = last and last[0].reason == "FailedCreate" and last[0].at[:19] > made[:19]
    return last[0].message if counts else ""
