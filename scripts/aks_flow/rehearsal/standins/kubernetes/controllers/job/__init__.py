"""Jobs: pods that run to their end."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.job.decide import (
    JobPlan,
    decide,
    seconds_to_next_reconcile,
    status,
)
from aks_flow.rehearsal.standins.kubernetes.controllers.job.facts import TRACKING, JobFacts, is_tracked
from aks_flow.rehearsal.standins.kubernetes.controllers.reporting import ReportingController
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.options import DeleteOptions

# Condition type and status -> the event that tells of it; None stands for the condition's own reason.
_EVENTS = {
    ("Complete", "True"): ("Normal", "Completed", "Job completed"),
    ("Failed", "True"): ("Warning", None, None),
    ("Suspended", "True"): ("Normal", "Suspended", "Job suspended"),
    ("Suspended", "False"): ("Normal", "Resumed", "Job resumed"),
}


class JobController(ReportingController):
    name = "job-controller"

    def watches(self):
        return {
            kinds.JOB: lambda change: [owners.key(change.object)],
            kinds.POD: lambda change: owners.claimants(self._objects, kinds.JOB, change.object),
        }

    def reconcile(self, key: tuple[str, str]) -> float | None:
        job = self._objects.find(kinds.JOB, *key)
        if job is None:
            self._let_go(key)
            return None
        facts = self._facts(job)
        for pod in facts.noted():
            self._untrack(pod)
        self._act(job, decide(facts))
        if self._objects.find(kinds.JOB, *key) is None:
            return None
        facts = self._facts(job)
        self._write_status(job, status(facts))
        return seconds_to_next_reconcile(facts)

    def _facts(self, job: dict) -> JobFacts:
        return JobFacts(job, owners.claim(self._objects, kinds.JOB, job, kinds.POD), self._clock())

    def _act(self, job: dict, plan: JobPlan) -> None:
        for _ in range(plan.create):
            self._create(job)
        for name in plan.delete:
            self._objects.delete(kinds.POD, job["metadata"]["namespace"], name)
            self._report(job, "SuccessfulDelete", f"Deleted pod: {name}")
        if plan.remove_job:
            self._objects.delete(kinds.JOB, *owners.key(job), DeleteOptions(propagation="Foreground"))

    def _create(self, job: dict) -> None:
        pod = pods.from_template(kinds.JOB, job, job["spec"]["template"])
        pod["metadata"]["finalizers"] = [*pod["metadata"].get("finalizers", ()), TRACKING]
        try:
            made = self._objects.create(kinds.POD, pod)
        except StatusError as error:
            self._report(job, "FailedCreate", f"Error creating: {error}", "Warning")
            raise
        self._report(job, "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")

    def _write_status(self, job: dict, after: dict) -> None:
        before = job.get("status", {}).get("conditions") or []
        known = {(condition["type"], condition["status"]) for condition in before}
        self._objects.modify(kinds.JOB, *owners.key(job), lambda item: item.update(status=after), "status")
        for condition in after.get("conditions", ()):
            said = (condition["type"], condition["status"])
            if said in _EVENTS and said not in known:
                type, reason, message = _EVENTS[said]
                reason, message = reason or condition["reason"], message or condition["message"]
                self._report(job, reason, message, type)

    def _let_go(self, key: tuple[str, str]) -> None:
        """The pods of a Job that is gone need not be counted any more."""
        namespace, name = key
        for pod in self._objects.list(kinds.POD, namespace):
            if is_tracked(pod) and owners.keys_of_owner(kinds.JOB, pod) in ([], [(namespace, name)]):
                self._untrack(pod)

    def _untrack(self, pod: dict) -> None:
        owners.drop_finalizer(self._objects, kinds.POD, pod, TRACKING)
