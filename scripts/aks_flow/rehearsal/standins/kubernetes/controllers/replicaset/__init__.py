"""Replica sets: a number of pods from one template."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.replicaset.decide import (
    ReplicaSetPlan,
    decide,
    status,
)
from aks_flow.rehearsal.standins.kubernetes.controllers.reporting import ReportingController
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds


class ReplicaSetController(ReportingController):
    name = "replicaset-controller"

    def watches(self):
        return {
            kinds.REPLICA_SET: lambda change: [owners.key(change.object)],
            kinds.POD: lambda change: owners.claimants(self._objects, kinds.REPLICA_SET, change.object),
        }

    def reconcile(self, key: tuple[str, str]) -> float | None:
        replica_set = self._objects.find(kinds.REPLICA_SET, *key)
        if replica_set is None:
            return None
        failure = None
        try:
            self._act(replica_set, decide(replica_set, self._claim(replica_set)))
        except StatusError as error:
            failure = error
        owned, moment = self._claim(replica_set), self._clock()
        replica_set["status"] = status(replica_set, owned, moment, _failed(failure))
        self._objects.update(kinds.REPLICA_SET, replica_set, subresource="status")
        if failure and not owners.is_deleted(replica_set):
            raise failure
        return pods.next_available(owned, replica_set["spec"].get("minReadySeconds", 0), moment)

    def _claim(self, replica_set: dict) -> list[dict]:
        return owners.claim(self._objects, kinds.REPLICA_SET, replica_set, kinds.POD)

    def _act(self, replica_set: dict, plan: ReplicaSetPlan) -> None:
        for _ in range(plan.create):
            self._create(replica_set)
        for name in plan.delete:
            self._objects.delete(kinds.POD, replica_set["metadata"]["namespace"], name)
            self._report(replica_set, "SuccessfulDelete", f"Deleted pod: {name}")

    def _create(self, replica_set: dict) -> None:
        pod = pods.from_template(kinds.REPLICA_SET, replica_set, replica_set["spec"]["template"])
        try:
            made = self._objects.create(kinds.POD, pod)
        except StatusError as error:
            self._report(replica_set, "FailedCreate", f"Error creating: {error}", "Warning")
            raise
        message = f"Created pod: {made['metadata']['name']}"
        self._report(replica_set, "SuccessfulCreate", message)


def _failed(error: StatusError | None) -> dict | None:
    return error and {"reason": "FailedCreate", "message": error.message}
