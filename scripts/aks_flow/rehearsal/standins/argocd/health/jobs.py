"""Jobs and CronJobs."""

from aks_flow.rehearsal.standins.argocd.health.status import (
    DEGRADED,
    HEALTHY,
    PROGRESSING,
    SUSPENDED,
    Health,
    condition,
)


def job(item: dict) -> Health:
    failed, complete, suspended = (condition(item, name) for name in ("Failed", "Complete", "Suspended"))
    if failed:
        return Health(DEGRADED, failed.get("message", ""))
    if suspended.get("status") == "True":
        return Health(SUSPENDED)
    said = complete or suspended
    return Health(HEALTHY if said else PROGRESSING, said.get("message", ""))


def cron_job(item: dict) -> Health:
    """Only a last run that is known to have failed is bad; the times are compared as texts, as they stand."""
    status = item.get("status")
    if item["spec"].get("suspend"):
        return Health(SUSPENDED, "CronJob is Suspended")
    if status is None:
        return Health(PROGRESSING, "Waiting for CronJob")
    scheduled, succeeded = status.get("lastScheduleTime"), status.get("lastSuccessfulTime")
    if not scheduled:
        return Health(HEALTHY, "CronJob has not been scheduled yet")
    if not succeeded:
        return Health(HEALTHY, "The Cronjob never completed succesfully. It may not be healthy")
    if status.get("active"):
        return Health(HEALTHY, "The job is running. Its last execution may not have been successful")
    if succeeded < scheduled:
        return Health(DEGRADED, "CronJob has not completed its last execution successfully")
    return Health(HEALTHY, "CronJob has completed its last execution successfully")
