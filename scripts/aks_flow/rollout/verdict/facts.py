"""What a cluster's objects say about a goal: each workload, its new pods, and what was said about them.

Only pods of the revision that is wanted count, and nothing that the controllers said before they had seen
the generation that is wanted.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aks_flow.rollout.verdict import kinds
from aks_flow.rollout.verdict.goal import Goal, Target
from aks_flow.rollout.verdict.objects import Objects
from aks_flow.rollout.verdict.pods import Event, Pod, pod


@dataclass(frozen=True)
class Workload:
    """One workload at one moment.

    waits_for: what is missing until it has rolled out, "" if nothing.
    overwritten: whether somebody else changed its images.
    stalled: the controller's word that it makes no progress.
    refused: why the next pod is not made. failed: why a Job ended without success.
    steady: seconds that it asks of a pod (minReadySeconds), 0 for none.
    """

    target: Target
    waits_for: str = ""
    overwritten: bool = False
    stalled: str = ""
    refused: str = ""
    failed: str = ""
    steady: int = 0
    pods: tuple[Pod, ...] = ()

    @property
    def ref(self) -> str:
        return self.target.ref


@dataclass(frozen=True)
class Facts:
    """workloads: the goal's. unserved: Services without a ready endpoint. leaving: pods that end."""

    workloads: tuple[Workload, ...]
    unserved: tuple[str, ...] = ()
    leaving: int = 0


def read(goal: Goal, items: Iterable[dict]) -> Facts:
    """The facts about ``goal`` in the objects of its namespace, in any order."""
    seen = Objects(items)
    leaving = sum(1 for one in seen.of("Pod") if "deletionTimestamp" in one["metadata"])
    workloads = tuple(_workload(target, seen) for target in goal.targets)
    return Facts(workloads, tuple(name for name in goal.services if not seen.served(name)), leaving)


def _workload(target: Target, seen: Objects) -> Workload:
    item = seen.named(target.kind, target.name)
    if item is None:
        return Workload(target, "the cluster to show it")
    wanted, status = item["metadata"].get("generation", 0), item.get("status", {})
    if wanted < target.generation:
        return Workload(target, "the cluster to show what was applied")
    if target.template is not None and _images(item["spec"]["template"]) != _images(target.template):
        return Workload(target, "what was applied to be there again", overwritten=True)
    if status.get("observedGeneration", 0 if target.kind != "Job" else wanted) < wanted:
        return Workload(target, f"generation {wanted} to be observed")
    found = kinds.READ[target.kind](item, seen)
    pods = tuple(_pod(one, seen) for one in found.pods)
    unseen = f"{len(pods)} of {found.wanted} new pods seen" if len(pods) < found.wanted else ""
    return Workload(
        target,
        found.waits_for or unseen,
        stalled=found.stalled,
        refused=found.refused or _refused(seen.said_of(found.maker)),
        failed=found.failed,
        steady=item["spec"].get("minReadySeconds", 0),
        pods=pods,
    )


def _images(template: dict) -> dict[str, str]:
    """What makes a template another version; others may add notes and variables of their own to it."""
    spec = template.get("spec", {})
    every = [*(spec.get("initContainers") or []), *(spec.get("containers") or [])]
    return {one["name"]: one.get("image", "") for one in every}


def _refused(said: list[Event]) -> str:
    """Why no pod could be made, if that is the last that was heard."""
    return said[-1].message if said and said[-1].reason == "FailedCreate" else ""


def _pod(item: dict, seen: Objects) -> Pod:
    return pod(item, seen.said_of(item["metadata"]["uid"]))
