"""Which pods a Job creates or ends next, and its status. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers import pods
from aks_flow.rehearsal.standins.kubernetes.controllers.conditions import put
from aks_flow.rehearsal.standins.kubernetes.controllers.job.facts import JobFacts, ended_at, is_deleted
from aks_flow.rehearsal.standins.kubernetes.controllers.job.verdict import (
    JobVerdict,
    seconds_to_deadline,
    verdict,
)
from aks_flow.rehearsal.standins.kubernetes.controllers.replicaset.decide import victim_rank

_FIRST_BACKOFF, _LONGEST_BACKOFF = 10, 600


@dataclass(frozen=True)
class JobPlan:
    """create: how many pods. delete: names of pods. remove_job: its time to live is over."""

    create: int = 0
    delete: Sequence[str] = ()
    remove_job: bool = False


def decide(facts: JobFacts) -> JobPlan:
    if is_deleted(facts):
        return JobPlan()
    if facts.is_finished:
        return JobPlan(remove_job=_seconds_to_live(facts) == 0)
    if facts.spec.get("suspend") or verdict(facts):
        return JobPlan(delete=_names(facts.active))
    missing = _desired_pods(facts) - len(facts.active)
    if missing < 0:
        return JobPlan(delete=_names(sorted(facts.active, key=victim_rank)[:-missing]))
    return JobPlan(create=0 if _backoff(facts) else max(0, missing - _awaited(facts)))


def _names(named_pods: Sequence[dict]) -> list[str]:
    return [pod["metadata"]["name"] for pod in named_pods]


def _desired_pods(facts: JobFacts) -> int:
    parallel, completions = facts.spec.get("parallelism", 1), facts.spec.get("completions")
    if completions is None:
        return len(facts.active) if facts.total("succeeded") else parallel
    return min(parallel, max(0, completions - facts.total("succeeded")))


def _awaited(facts: JobFacts) -> int:
    """Pods whose end is waited for before they are replaced."""
    return len(facts.terminating) if facts.spec.get("podReplacementPolicy") == "Failed" else 0


def _backoff(facts: JobFacts) -> float:
    """Seconds until a failed pod may be replaced: 10 after the first failure, then twice as long each."""
    failures = facts.total("failed")
    failed = [ended_at(pod) for pod in facts.owned if pods.phase(pod) == "Failed"]
    if not failures or not failed:
        return 0
    delay = min(_FIRST_BACKOFF * 2 ** min(failures - 1, 10), _LONGEST_BACKOFF)
    return max(0, delay - times.seconds_since(max(failed), facts.moment))


def _seconds_to_live(facts: JobFacts) -> float | None:
    limit = facts.spec.get("ttlSecondsAfterFinished")
    ended = facts.condition("Complete") or facts.condition("Failed")
    if limit is None or ended is None:
        return None
    return max(0, limit - times.seconds_since(ended["lastTransitionTime"], facts.moment))


def seconds_to_next_reconcile(facts: JobFacts) -> float | None:
    """Seconds until the passing of time changes what to do; None if it does not."""
    waits = (seconds_to_deadline(facts), _backoff(facts) or None, _seconds_to_live(facts))
    if facts.is_finished:
        return waits[2]
    return min((max(0, wait) for wait in waits[:2] if wait is not None), default=None)


def status(facts: JobFacts) -> dict:
    counts = {
        "active": len(facts.active),
        "succeeded": facts.counted("succeeded"),
        "failed": facts.counted("failed"),
        "conditions": _conditions(facts),
        "completedIndexes": facts.status.get("completedIndexes"),
        "startTime": _start(facts),
        "completionTime": _completion(facts),
    }
    return {
        "ready": sum(map(pods.is_ready, facts.active)),
        "terminating": len(facts.terminating),
        "uncountedTerminatedPods": {key: uids for key, uids in facts.uncounted.items() if uids},
    } | {key: value for key, value in counts.items() if value}


def _start(facts: JobFacts) -> str | None:
    if facts.spec.get("suspend") and not facts.is_finished:
        return None
    return facts.status.get("startTime") or times.stamp(facts.moment)


def _completion(facts: JobFacts) -> str | None:
    end = _ended(facts, verdict(facts))
    if end and end.last == "Complete":
        return facts.status.get("completionTime") or times.stamp(facts.moment)
    return None


def _conditions(facts: JobFacts) -> list[dict]:
    conditions = _suspension(facts, facts.status.get("conditions") or [])
    given = verdict(facts)
    if given:
        conditions = _put(facts, conditions, given.first, given.reason, given.message)
    if ended := _ended(facts, given):
        conditions = _put(facts, conditions, ended.last, ended.reason, ended.message)
    return conditions


def _ended(facts: JobFacts, given: JobVerdict | None) -> JobVerdict | None:
    """The verdict, once no pod is left to run or to count."""
    busy = facts.active or facts.terminating or any(facts.uncounted.values())
    return None if busy else given


def _suspension(facts: JobFacts, conditions: list[dict]) -> list[dict]:
    if facts.is_finished:
        return conditions
    if facts.spec.get("suspend"):
        return _put(facts, conditions, "Suspended", "JobSuspended", "Job suspended")
    if facts.condition("Suspended"):
        return _put(facts, conditions, "Suspended", "JobResumed", "Job resumed", "False")
    return conditions


def _put(
    facts: JobFacts, conditions: list[dict], type: str, reason: str, message: str, status: str = "True"
) -> list[dict]:
    news = {"type": type, "status": status, "reason": reason, "message": message}
    return put(conditions, news, facts.moment, touched="lastProbeTime")
