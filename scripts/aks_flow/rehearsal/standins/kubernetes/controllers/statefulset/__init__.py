"""StatefulSets: pods with names and volumes of their own, made and replaced in order."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.controllers import history, owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.history import ControllerRevision
from aks_flow.rehearsal.standins.kubernetes.controllers.reporting import ReportingController
from aks_flow.rehearsal.standins.kubernetes.controllers.statefulset import identity
from aks_flow.rehearsal.standins.kubernetes.controllers.statefulset.decide import (
    StatefulSetFacts,
    decide,
    status,
)
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds


class StatefulSetController(ReportingController):
    name = "statefulset-controller"

    def watches(self):
        return {
            kinds.STATEFUL_SET: lambda change: [owners.key(change.object)],
            kinds.POD: lambda change: owners.claimants(self._objects, kinds.STATEFUL_SET, change.object),
        }

    def reconcile(self, key: tuple[str, str]) -> float | None:
        owner = self._objects.find(kinds.STATEFUL_SET, *key)
        if owner is None or owners.is_deleted(owner):
            return None
        update = history.record(self._objects, kinds.STATEFUL_SET, owner)
        current = self._current(owner) or update
        try:
            self._act(
                owner,
                self._facts(owner, current, update),
                {revision.name: revision for revision in (current, update)},
            )
        finally:
            self._write_status(owner, self._facts(owner, current, update))
        return pods.next_available(self._owned(owner), owner["spec"].get("minReadySeconds", 0), self._clock())

    def _current(self, owner: dict) -> ControllerRevision | None:
        name = owner.get("status", {}).get("currentRevision", "")
        return history.find(self._objects, owner, name)

    def _owned(self, owner: dict) -> list[dict]:
        return owners.claim(self._objects, kinds.STATEFUL_SET, owner, kinds.POD)

    def _facts(
        self, owner: dict, current: ControllerRevision, update: ControllerRevision
    ) -> StatefulSetFacts:
        numbered = {identity.ordinal_of(pod, owner): pod for pod in self._owned(owner)}
        numbered.pop(None, None)
        return StatefulSetFacts(owner["spec"], current.name, update.name, numbered, self._clock())

    def _act(self, owner: dict, facts: StatefulSetFacts, revisions: dict[str, ControllerRevision]) -> None:
        plan = decide(facts)
        for ordinal, revision in plan.create:
            self._create_claims(owner, ordinal)
            self._create(owner, identity.pod(owner, revisions[revision], ordinal))
        for name in plan.delete:
            self._objects.delete(kinds.POD, owner["metadata"]["namespace"], name)
            self._report_deed(owner, "SuccessfulDelete", f"delete Pod {name} in StatefulSet", "successful")

    def _create_claims(self, owner: dict, ordinal: int) -> None:
        for claim in identity.claims(owner, ordinal):
            if not self._objects.find(kinds.PERSISTENT_VOLUME_CLAIM, *owners.key(claim)):
                self._objects.create(kinds.PERSISTENT_VOLUME_CLAIM, claim)
                pod = f"{owner['metadata']['name']}-{ordinal}"
                what = f"create Claim {claim['metadata']['name']} Pod {pod} in StatefulSet"
                self._report_deed(owner, "SuccessfulCreate", what, "success")

    def _create(self, owner: dict, pod: dict) -> None:
        what = f"create Pod {pod['metadata']['name']} in StatefulSet"
        try:
            self._objects.create(kinds.POD, pod)
        except StatusError as error:
            text = f"{what} {owner['metadata']['name']} failed error: {error}"
            self._report(owner, "FailedCreate", text, "Warning")
            raise
        self._report_deed(owner, "SuccessfulCreate", what, "successful")

    def _report_deed(self, owner: dict, reason: str, what: str, result: str) -> None:
        self._report(owner, reason, f"{what} {owner['metadata']['name']} {result}")

    def _write_status(self, owner: dict, facts: StatefulSetFacts) -> None:
        generation = owner["metadata"].get("generation", 1)
        owner["status"] = status(facts, owner.get("status", {}), generation)
        self._objects.update(kinds.STATEFUL_SET, owner, subresource="status")
        live = {owner["status"]["currentRevision"], facts.update}
        history.trim(self._objects, owner, live, facts.by_ordinal.values())
