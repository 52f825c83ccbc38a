"""Which Jobs a CronJob starts, ends and forgets. Pure.

Rules: https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.cronjob import schedule


@dataclass(frozen=True)
class CronJobFacts:
    """owned: the CronJob's Jobs."""

    cron_job: dict
    owned: Sequence[dict]
    moment: datetime

    @property
    def spec(self) -> dict:
        return self.cron_job["spec"]

    @property
    def status(self) -> dict:
        return self.cron_job.get("status") or {}

    @property
    def active(self) -> list[dict]:
        return [job for job in self.owned if not finish(job)]


@dataclass(frozen=True)
class CronJobPlan:
    """start: the scheduled time of the Job to create. blocked: a Job is due, but one still runs.
    end: names of Jobs that it replaces; forget: names of Jobs beyond the history limits."""

    start: datetime | None = None
    blocked: bool = False
    end: Sequence[str] = ()
    forget: Sequence[str] = ()


def decide(facts: CronJobFacts) -> CronJobPlan:
    forget, due = _beyond_history(facts), _due(facts)
    if due is None:
        return CronJobPlan(forget=forget)
    policy = facts.spec.get("concurrencyPolicy", "Allow")
    if policy == "Forbid" and facts.active:
        return CronJobPlan(blocked=True, forget=forget)
    end = [_name(job) for job in facts.active] if policy == "Replace" else []
    return CronJobPlan(start=due, end=end, forget=forget)


def _due(facts: CronJobFacts) -> datetime | None:
    """The latest scheduled time that has come, has had no Job yet, and is not too long ago."""
    if facts.spec.get("suspend") or owners.is_deleted(facts.cron_job):
        return None
    latest = schedule.latest(facts.spec["schedule"], _local(facts))
    since = facts.status.get("lastScheduleTime") or facts.cron_job["metadata"]["creationTimestamp"]
    if latest is None or latest <= times.parse(since):
        return None
    limit = facts.spec.get("startingDeadlineSeconds")
    return None if limit is not None and facts.moment - latest > timedelta(seconds=limit) else latest


def seconds_to_next(facts: CronJobFacts) -> float | None:
    if facts.spec.get("suspend") or owners.is_deleted(facts.cron_job):
        return None
    following = schedule.following(facts.spec["schedule"], _local(facts))
    return (following - facts.moment).total_seconds() if following else None


def _local(facts: CronJobFacts) -> datetime:
    return facts.moment.astimezone(ZoneInfo(facts.spec.get("timeZone") or "UTC"))


def finish(job: dict) -> str | None:
    """Complete or Failed, once the Job has ended."""
    conditions = (pods.condition(job, name) for name in ("Complete", "Failed"))
    return next(
        (condition["type"] for condition in conditions if condition and condition["status"] == "True"), None
    )


def _beyond_history(facts: CronJobFacts) -> list[str]:
    limits = {
        "Complete": facts.spec.get("successfulJobsHistoryLimit", 3),
        "Failed": facts.spec.get("failedJobsHistoryLimit", 1),
    }
    surplus = []
    for result, limit in limits.items():
        ended = sorted((job for job in facts.owned if finish(job) == result), key=_created)
        surplus += ended[: max(0, len(ended) - limit)]
    return [_name(job) for job in surplus if not owners.is_deleted(job)]


def _created(job: dict) -> tuple[str, str]:
    return job["metadata"]["creationTimestamp"], _name(job)


def _name(job: dict) -> str:
    return job["metadata"]["name"]


def status(facts: CronJobFacts, started: datetime | None) -> dict:
    """started: the scheduled time of the Job that this step created."""
    ended = [job["status"].get("completionTime", "") for job in facts.owned if finish(job) == "Complete"]
    values = {
        "active": [_reference(job) for job in facts.active],
        "lastScheduleTime": times.stamp(started) if started else facts.status.get("lastScheduleTime"),
        "lastSuccessfulTime": max([*ended, facts.status.get("lastSuccessfulTime", "")]),
    }
    return {key: value for key, value in values.items() if value}


def _reference(job: dict) -> dict:
    metadata = job["metadata"]
    named = {key: metadata[key] for key in ("name", "namespace", "uid", "resourceVersion")}
    return {"kind": "Job", "apiVersion": "batch/v1"} | named
