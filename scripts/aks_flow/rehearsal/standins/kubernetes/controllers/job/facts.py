"""A Job and its pods, and what they amount to. Pure.

A pod that ended is counted once, even if this process dies in between: its uid is written to the status
(uncountedTerminatedPods), then its finalizer goes, then it is counted.
https://kubernetes.io/docs/concepts/workloads/controllers/job/
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.conditions import find

TRACKING = "batch.kubernetes.io/job-tracking"


@dataclass(frozen=True)
class JobFacts:
    """owned: the Job's pods in any state."""

    job: dict
    owned: Sequence[dict]
    moment: datetime

    @property
    def spec(self) -> dict:
        return self.job["spec"]

    @property
    def status(self) -> dict:
        return self.job.get("status") or {}

    @cached_property
    def active(self) -> list[dict]:
        return [pod for pod in self.owned if pods.is_active(pod)]

    @cached_property
    def terminating(self) -> list[dict]:
        return [pod for pod in self.owned if pods.is_terminating(pod)]

    @cached_property
    def uncounted(self) -> dict[str, list[str]]:
        """succeeded, failed: uids of pods that ended and still hold their finalizer."""
        ended = [pod for pod in self.owned if is_tracked(pod) and not pods.is_active(pod)]
        return {
            "succeeded": [_uid(pod) for pod in ended if pods.phase(pod) == "Succeeded"],
            "failed": [_uid(pod) for pod in ended if pods.phase(pod) != "Succeeded"],
        }

    def counted(self, result: str) -> int:
        """result: succeeded or failed. With the pods that lost their finalizer since they were noted."""
        noted = (self.status.get("uncountedTerminatedPods") or {}).get(result) or ()
        still = {uid for uids in self.uncounted.values() for uid in uids}
        return self.status.get(result, 0) + sum(uid not in still for uid in noted)

    def total(self, result: str) -> int:
        return self.counted(result) + len(self.uncounted[result])

    def condition(self, name: str) -> dict | None:
        condition = find(self.status.get("conditions") or (), name)
        return condition if condition and condition["status"] == "True" else None

    @property
    def is_finished(self) -> bool:
        return bool(self.condition("Complete") or self.condition("Failed"))

    def noted(self) -> list[dict]:
        """Pods whose end the stored status holds, so that their finalizer may go."""
        stored = self.status.get("uncountedTerminatedPods") or {}
        uids = {uid for uids in stored.values() for uid in uids}
        return [pod for pod in self.owned if _uid(pod) in uids and is_tracked(pod)]


def is_tracked(pod: dict) -> bool:
    return TRACKING in (pod["metadata"].get("finalizers") or ())


def _uid(pod: dict) -> str:
    return pod["metadata"]["uid"]


def ended_at(pod: dict) -> str:
    """When a finished pod's last container ended; its creation if no container says so."""
    states = (
        container_status.get("state") or {}
        for container_status in pod.get("status", {}).get("containerStatuses") or ()
    )
    times = [state["terminated"].get("finishedAt") or "" for state in states if state.get("terminated")]
    return max(times, default="") or pod["metadata"]["creationTimestamp"]


def is_deleted(facts: JobFacts) -> bool:
    return owners.is_deleted(facts.job)
