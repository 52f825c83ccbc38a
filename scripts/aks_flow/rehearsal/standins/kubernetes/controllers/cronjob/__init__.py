"""CronJobs: a Job at each scheduled time."""

from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers import owners
from aks_flow.rehearsal.standins.kubernetes.controllers.cronjob.decide import (
    CronJobFacts,
    CronJobPlan,
    decide,
    finish,
    seconds_to_next,
    status,
)
from aks_flow.rehearsal.standins.kubernetes.controllers.reporting import ReportingController
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds

_SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp"
_BLOCKED = "Not starting job because prior execution is running and concurrency policy is Forbid"


class CronJobController(ReportingController):
    name = "cronjob-controller"

    def watches(self):
        return {
            kinds.CRON_JOB: lambda change: [owners.key(change.object)],
            kinds.JOB: lambda change: owners.keys_of_owner(kinds.CRON_JOB, change.object),
        }

    def reconcile(self, key: tuple[str, str]) -> float | None:
        cron_job = self._objects.find(kinds.CRON_JOB, *key)
        if cron_job is None:
            return None
        self._report_ends(cron_job)
        try:
            plan = decide(self._facts(cron_job))
        except ValueError as error:
            message = f'unparseable schedule: "{cron_job["spec"]["schedule"]}" : {error}'
            self._report(cron_job, "UnparseableSchedule", message, "Warning")
            return None
        self._act(cron_job, plan)
        facts = self._facts(cron_job)
        cron_job["status"] = status(facts, plan.start)
        self._objects.update(kinds.CRON_JOB, cron_job, subresource="status")
        return seconds_to_next(facts)

    def _facts(self, cron_job: dict) -> CronJobFacts:
        jobs = self._objects.list(kinds.JOB, cron_job["metadata"]["namespace"])
        return CronJobFacts(
            cron_job, [job for job in jobs if owners.controlled_by(job, cron_job)], self._clock()
        )

    def _act(self, cron_job: dict, plan: CronJobPlan) -> None:
        namespace = cron_job["metadata"]["namespace"]
        for name in (*plan.end, *plan.forget):
            self._objects.delete(kinds.JOB, namespace, name)
            self._report(cron_job, "SuccessfulDelete", f"Deleted job {name}")
        if plan.blocked:
            self._report(cron_job, "JobAlreadyActive", _BLOCKED)
        if plan.start:
            job = _job(cron_job, plan.start)
            if not self._objects.find(kinds.JOB, *owners.key(job)):
                self._objects.create(kinds.JOB, job)
                self._report(cron_job, "SuccessfulCreate", f"Created job {job['metadata']['name']}")

    def _report_ends(self, cron_job: dict) -> None:
        active = {reference["uid"] for reference in cron_job.get("status", {}).get("active") or ()}
        for job in self._facts(cron_job).owned:
            if job["metadata"]["uid"] in active and (result := finish(job)):
                message = f"Saw completed job: {job['metadata']['name']}, condition: {result}"
                self._report(cron_job, "SawCompletedJob", message)


def _job(cron_job: dict, scheduled: datetime) -> dict:
    """Named after its minute, so that one scheduled time never gets two Jobs."""
    template, (namespace, name) = cron_job["spec"]["jobTemplate"], owners.key(cron_job)
    given = template.get("metadata") or {}
    metadata = {
        "name": f"{name}-{int(scheduled.timestamp()) // 60}",
        "namespace": namespace,
        "labels": given.get("labels") or {},
        "annotations": (given.get("annotations") or {}) | {_SCHEDULED: times.stamp(scheduled)},
        "ownerReferences": [owners.reference(kinds.CRON_JOB, cron_job)],
    }
    return {"metadata": metadata, "spec": template["spec"]}
