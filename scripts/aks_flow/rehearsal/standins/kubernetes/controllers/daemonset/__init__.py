"""DaemonSets: one pod on every node that fits."""

from aks_flow.rehearsal.standins.kubernetes.controllers import history, owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.daemonset.decide import (
    DaemonSetFacts,
    decide,
    pinned,
    status,
)
from aks_flow.rehearsal.standins.kubernetes.controllers.history import POD_HASH, ControllerRevision
from aks_flow.rehearsal.standins.kubernetes.controllers.reporting import ReportingController
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange


class DaemonSetController(ReportingController):
    name = "daemonset-controller"

    def watches(self):
        return {
            kinds.DAEMON_SET: lambda change: [owners.key(change.object)],
            kinds.POD: lambda change: owners.claimants(self._objects, kinds.DAEMON_SET, change.object),
            kinds.NODE: self._every_set,
        }

    def _every_set(self, _change: ObjectChange) -> list[tuple[str, str]]:
        return [owners.key(daemon_set) for daemon_set in self._objects.list(kinds.DAEMON_SET)]

    def reconcile(self, key: tuple[str, str]) -> float | None:
        owner = self._objects.find(kinds.DAEMON_SET, *key)
        if owner is None or owners.is_deleted(owner):
            return None
        update = history.record(self._objects, kinds.DAEMON_SET, owner)
        self._act(owner, self._facts(owner, update), update)
        facts = self._facts(owner, update)
        owner["status"] = status(facts, owner["metadata"].get("generation", 1))
        self._objects.update(kinds.DAEMON_SET, owner, subresource="status")
        history.trim(self._objects, owner, {update.name}, facts.owned)
        return pods.next_available(facts.owned, owner["spec"].get("minReadySeconds", 0), facts.moment)

    def _facts(self, owner: dict, update: ControllerRevision) -> DaemonSetFacts:
        owned = owners.claim(self._objects, kinds.DAEMON_SET, owner, kinds.POD)
        return DaemonSetFacts(
            owner["spec"], self._objects.list(kinds.NODE), owned, update.hash, self._clock()
        )

    def _act(self, owner: dict, facts: DaemonSetFacts, update: ControllerRevision) -> None:
        plan = decide(facts)
        for node in plan.create:
            pod = pods.from_template(kinds.DAEMON_SET, owner, update.template)
            pod["metadata"]["labels"] = pod["metadata"].get("labels", {}) | {POD_HASH: update.hash}
            pod["spec"] = pinned(pod["spec"], node)
            made = self._objects.create(kinds.POD, pod)
            self._report(owner, "SuccessfulCreate", f"Created pod: {made['metadata']['name']}")
        for name in plan.delete:
            self._objects.delete(kinds.POD, owner["metadata"]["namespace"], name)
            self._report(owner, "SuccessfulDelete", f"Deleted pod: {name}")
