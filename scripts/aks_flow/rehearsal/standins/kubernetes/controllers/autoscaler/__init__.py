"""HorizontalPodAutoscalers in a cluster without metrics."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.controllers import conditions, owners
from aks_flow.rehearsal.standins.kubernetes.controllers.autoscaler import decide
from aks_flow.rehearsal.standins.kubernetes.controllers.reporting import ReportingController
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import HORIZONTAL_POD_AUTOSCALER
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange

_SCALED = (kinds.DEPLOYMENT, kinds.STATEFUL_SET, kinds.REPLICA_SET)


class AutoscalerController(ReportingController):
    name = "horizontal-pod-autoscaler"

    def watches(self):
        own = {HORIZONTAL_POD_AUTOSCALER: lambda change: [owners.key(change.object)]}
        return own | dict.fromkeys(_SCALED, self._autoscalers_of)

    def _autoscalers_of(self, change: ObjectChange) -> Iterable[tuple[str, str]]:
        metadata = change.object["metadata"]
        for autoscaler in self._objects.list(HORIZONTAL_POD_AUTOSCALER, metadata["namespace"]):
            target = autoscaler["spec"]["scaleTargetRef"]
            if (target["kind"], target["name"]) == (change.kind.kind, metadata["name"]):
                yield owners.key(autoscaler)

    def reconcile(self, key: tuple[str, str]) -> None:
        autoscaler = self._objects.find(HORIZONTAL_POD_AUTOSCALER, *key)
        if autoscaler is None:
            return
        try:
            kind, target = self._target(autoscaler)
        except StatusError as error:
            self._write(autoscaler, [decide.unreachable(error.message)], 0, 0)
            self._report(autoscaler, "FailedGetScale", error.message, "Warning")
            return
        current = target["spec"].get("replicas", 1)
        decision = decide.decide(autoscaler["spec"], current)
        self._write(
            autoscaler, decide.conditions(autoscaler["spec"], current, decision), current, decision.desired
        )
        if decision.why:
            target["spec"]["replicas"] = decision.desired
            self._objects.update(kind, target)
            message = f"New size: {decision.desired}; reason: {decision.why}"
            self._report(autoscaler, "SuccessfulRescale", message)

    def _target(self, autoscaler: dict) -> tuple[kinds.Kind, dict]:
        """StatusError 404 if there is no such object that scales."""
        reference = autoscaler["spec"]["scaleTargetRef"]
        kind = self._objects.kinds.by_kind(reference.get("apiVersion", ""), reference["kind"])
        if kind not in _SCALED:
            message = f"no matches for kind {reference['kind']!r} in version {reference.get('apiVersion')!r}"
            raise StatusError(404, "NotFound", message)
        return kind, self._objects.get(kind, autoscaler["metadata"]["namespace"], reference["name"])

    def _write(self, autoscaler: dict, news: list[dict], current: int, desired: int) -> None:
        before = autoscaler.get("status", {})
        merged = before.get("conditions") or []
        for condition in news:
            merged = conditions.put(merged, condition, self._clock())
        autoscaler["status"] = before | {
            "currentReplicas": current,
            "desiredReplicas": desired,
            "conditions": merged,
            "currentMetrics": None,
        }
        self._objects.update(HORIZONTAL_POD_AUTOSCALER, autoscaler, subresource="status")
