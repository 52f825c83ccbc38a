"""Deployments: rollouts over replica sets."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.controllers import owners
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment import (
    progress,
    revisions,
    status,
    strategy,
)
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.plan import (
    DeploymentFacts,
    DeploymentPlan,
    decide,
)
from aks_flow.rehearsal.standins.kubernetes.controllers.reporting import ReportingController
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange


class DeploymentController(ReportingController):
    name = "deployment-controller"

    def watches(self):
        return {
            kinds.DEPLOYMENT: lambda change: [owners.key(change.object)],
            kinds.REPLICA_SET: lambda change: owners.claimants(
                self._objects, kinds.DEPLOYMENT, change.object
            ),
            kinds.POD: self._keys_of_gone_pod,
        }

    def _keys_of_gone_pod(self, change: ObjectChange) -> Iterable[tuple[str, str]]:
        """With strategy Recreate a rollout waits for the last old pod to be gone."""
        if change.type != "DELETED":
            return
        for namespace, name in owners.keys_of_owner(kinds.REPLICA_SET, change.object):
            owner = self._objects.find(kinds.REPLICA_SET, namespace, name)
            yield from owners.keys_of_owner(kinds.DEPLOYMENT, owner) if owner else ()

    def reconcile(self, key: tuple[str, str]) -> float | None:
        deployment = self._objects.find(kinds.DEPLOYMENT, *key)
        if deployment is None:
            return None
        plan = decide(self._facts(deployment))
        collided = not self._act(deployment, plan)
        return self._write_status(deployment, bool(plan.create), collided)

    def _facts(self, deployment: dict) -> DeploymentFacts:
        sets = owners.claim(self._objects, kinds.DEPLOYMENT, deployment, kinds.REPLICA_SET)
        recreate = strategy.is_recreate(deployment["spec"])
        namespace = deployment["metadata"]["namespace"]
        return DeploymentFacts(deployment, sets, self._objects.list(kinds.POD, namespace) if recreate else ())

    def _act(self, deployment: dict, plan: DeploymentPlan) -> bool:
        """False if another object holds the name of the replica set to create."""
        namespace = deployment["metadata"]["namespace"]
        if plan.create and not self._create(deployment, plan.create):
            return False
        if plan.annotate is not None:
            self._annotate(deployment, plan.annotate)
        for name, size in plan.resize.items():
            self._resize(deployment, name, size)
        for name in plan.delete:
            self._objects.delete(kinds.REPLICA_SET, namespace, name)
        return True

    def _create(self, deployment: dict, item: dict) -> bool:
        try:
            made = self._objects.create(kinds.REPLICA_SET, item)
        except StatusError as error:
            if error.reason == "AlreadyExists":
                return False
            message = f'Failed to create new replica set "{item["metadata"]["name"]}": {error}'
            self._report(deployment, "ReplicaSetCreateError", message, "Warning")
            raise
        if made["spec"]["replicas"]:
            self._report_size(deployment, made["metadata"]["name"], 0, made["spec"]["replicas"])
        return True

    def _annotate(self, deployment: dict, annotations: dict[str, str]) -> None:
        current = DeploymentFacts(deployment, self._facts(deployment).sets).current
        if current:
            current["metadata"]["annotations"] = annotations
            current["spec"]["minReadySeconds"] = deployment["spec"].get("minReadySeconds", 0)
            self._objects.update(kinds.REPLICA_SET, current)

    def _resize(self, deployment: dict, name: str, size: int) -> None:
        before = self._objects.get(kinds.REPLICA_SET, deployment["metadata"]["namespace"], name)
        noted = revisions.size_annotations(strategy.target(deployment["spec"]))
        after = before | {"spec": before["spec"] | {"replicas": size}}
        after["metadata"]["annotations"] = revisions.annotations(before) | noted
        self._objects.update(kinds.REPLICA_SET, after)
        if size != before["spec"]["replicas"]:
            self._report_size(deployment, name, before["spec"]["replicas"], size)

    def _report_size(self, deployment: dict, name: str, before: int, after: int) -> None:
        direction = "up" if after > before else "down"
        message = f"Scaled {direction} replica set {name} from {before} to {after}"
        self._report(deployment, "ScalingReplicaSet", message)

    def _write_status(self, deployment: dict, created: bool, collided: bool) -> float | None:
        facts, moment = self._facts(deployment), self._clock()
        deployment["status"] = status.derive(facts, moment, created and not collided)
        if collided:
            deployment["status"]["collisionCount"] = deployment["status"].get("collisionCount", 0) + 1
        if facts.current:
            number = revisions.annotations(facts.current).get(revisions.REVISION)
            deployment["metadata"].setdefault("annotations", {})[revisions.REVISION] = number
        self._objects.update(kinds.DEPLOYMENT, deployment, subresource="status")
        return progress.seconds_to_deadline(facts, deployment["status"], moment)
