"""The scheduler: gives each pod a node, and its claims their volumes."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.controllers import conditions, owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.reporting import ReportingController
from aks_flow.rehearsal.standins.kubernetes.controllers.scheduler.decide import (
    SchedulingDecision,
    SchedulingFacts,
    decide,
)
from aks_flow.rehearsal.standins.kubernetes.controllers.volumes import provision
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange

_NAME = "default-scheduler"


class Scheduler(ReportingController):
    name = _NAME

    def watches(self):
        return {
            kinds.POD: self._keys_for_pod,
            kinds.NODE: self._unscheduled,
            kinds.PERSISTENT_VOLUME_CLAIM: self._unscheduled,
            kinds.STORAGE_CLASS: self._unscheduled,
        }

    def _keys_for_pod(self, change: ObjectChange) -> Iterable[tuple[str, str]]:
        """A new pod waits for a node; a pod that ends makes room for all that wait."""
        if change.type == "DELETED" or pods.is_finished(change.object):
            return self._unscheduled(change)
        return [owners.key(change.object)] if _is_waiting(change.object) else []

    def _unscheduled(self, _change: ObjectChange) -> list[tuple[str, str]]:
        return [owners.key(pod) for pod in self._objects.view(kinds.POD) if _is_waiting(pod)]

    def reconcile(self, key: tuple[str, str]) -> None:
        pod = self._objects.find(kinds.POD, *key)
        if pod is None or not _is_waiting(pod):
            return
        claims = self._claims(pod)
        decision = decide(
            SchedulingFacts(
                pod=pod,
                nodes=self._objects.list(kinds.NODE),
                others=self._objects.view(kinds.POD),
                claims=claims,
                unprovided=self._unprovided(claims),
            )
        )
        if decision.node:
            self._bind(pod, decision.node, claims)
        else:
            self._leave(pod, decision)

    def _claims(self, pod: dict) -> dict[str, dict | None]:
        named = [volume.get("persistentVolumeClaim") for volume in pod["spec"].get("volumes") or ()]
        names = [claim["claimName"] for claim in named if claim]
        namespace = pod["metadata"]["namespace"]
        return {name: self._objects.find(kinds.PERSISTENT_VOLUME_CLAIM, namespace, name) for name in names}

    def _unprovided(self, claims: dict[str, dict | None]) -> list[str]:
        return [
            name
            for name, claim in claims.items()
            if claim and not provision.is_bound(claim) and not provision.storage_class(self._objects, claim)
        ]

    def _bind(self, pod: dict, node: str, claims: dict[str, dict | None]) -> None:
        for claim in claims.values():
            if claim and not provision.is_bound(claim):
                provision.provide(self._objects, self._recorder, claim, node)
        pod["spec"]["nodeName"] = node
        bound = self._objects.update(kinds.POD, pod, subresource="binding")
        self._set_scheduled(bound, {"status": "True"})
        namespace, name = owners.key(pod)
        message = f"Successfully assigned {namespace}/{name} to {node}"
        self._report(pod, "Scheduled", message)

    def _leave(self, pod: dict, decision: SchedulingDecision) -> None:
        before = pods.condition(pod, "PodScheduled")
        if before and before.get("message") == decision.message:
            return
        self._set_scheduled(pod, {"status": "False", "reason": "Unschedulable", "message": decision.message})
        self._report(pod, "FailedScheduling", decision.message, "Warning")

    def _set_scheduled(self, pod: dict, news: dict) -> None:
        condition = {"type": "PodScheduled", "lastProbeTime": None} | news
        if "generation" in pod["metadata"]:
            condition["observedGeneration"] = pod["metadata"]["generation"]
        status = pod.setdefault("status", {})
        status["conditions"] = conditions.put(status.get("conditions") or [], condition, self._clock())
        self._objects.update(kinds.POD, pod, subresource="status")


def _is_waiting(pod: dict) -> bool:
    return (
        not pod["spec"].get("nodeName")
        and not owners.is_deleted(pod)
        and not pod["spec"].get("schedulingGates")
        and pod["spec"].get("schedulerName", _NAME) == _NAME
    )
