"""Whether a Job has succeeded or failed, and why. Pure."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers import pods
from aks_flow.rehearsal.standins.kubernetes.controllers.job.facts import JobFacts


@dataclass(frozen=True)
class JobVerdict:
    """first: the condition while pods may still run; last: the one when all have ended."""

    first: str
    last: str
    reason: str
    message: str


_REACHED = JobVerdict(
    "SuccessCriteriaMet", "Complete", "CompletionsReached", "Reached expected number of succeeded pods"
)
_BACKOFF = JobVerdict(
    "FailureTarget", "Failed", "BackoffLimitExceeded", "Job has reached the specified backoff limit"
)
_DEADLINE = JobVerdict(
    "FailureTarget", "Failed", "DeadlineExceeded", "Job was active longer than specified deadline"
)


def verdict(facts: JobFacts) -> JobVerdict | None:
    """The verdict, None while there is none; one that the status holds stays."""
    given = next(
        (possible for possible in (_REACHED, _BACKOFF, _DEADLINE) if _was_given(facts, possible)), None
    )
    if given:
        return given
    if facts.spec.get("suspend"):
        return None
    if _is_over_limit(facts):
        return _BACKOFF
    remaining = seconds_to_deadline(facts)
    if remaining is not None and remaining <= 0:
        return _DEADLINE
    return _REACHED if _is_complete(facts) else None


def _was_given(facts: JobFacts, possible: JobVerdict) -> bool:
    condition = facts.condition(possible.first)
    return condition is not None and condition["reason"] == possible.reason


def _is_over_limit(facts: JobFacts) -> bool:
    limit = facts.spec.get("backoffLimit", 6)
    if facts.total("failed") > limit:
        return True
    if facts.spec["template"]["spec"].get("restartPolicy") != "OnFailure":
        return False
    restarts = sum(map(pods.restarts, facts.active))
    return restarts > 0 and restarts >= limit


def _is_complete(facts: JobFacts) -> bool:
    completions = facts.spec.get("completions")
    if completions is None:
        return facts.total("succeeded") > 0 and not facts.active
    return facts.total("succeeded") >= completions


def seconds_to_deadline(facts: JobFacts) -> float | None:
    limit, start = facts.spec.get("activeDeadlineSeconds"), facts.status.get("startTime")
    if limit is None or start is None or facts.is_finished:
        return None
    return limit - times.seconds_since(start, facts.moment)
