"""PodDisruptionBudgets: how many pods may be evicted now.

Rules: https://kubernetes.io/docs/tasks/run-application/configure-pdb/
"""

from collections.abc import Iterable, Sequence

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Selector
from aks_flow.rehearsal.standins.kubernetes.controllers import conditions, owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.strategy import share
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import POD_DISRUPTION_BUDGET
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange

_SCALED = (kinds.REPLICA_SET, kinds.STATEFUL_SET, kinds.DEPLOYMENT)


class DisruptionController:
    name = "disruption-controller"

    def __init__(self, objects: Objects, clock: times.Clock = times.now):
        self._objects, self._clock = objects, clock

    def watches(self):
        watched = (kinds.POD, *_SCALED)
        own = {POD_DISRUPTION_BUDGET: lambda change: [owners.key(change.object)]}
        return own | dict.fromkeys(watched, self._budgets_of_namespace)

    def _budgets_of_namespace(self, change: ObjectChange) -> Iterable[tuple[str, str]]:
        budgets = self._objects.list(POD_DISRUPTION_BUDGET, change.object["metadata"]["namespace"])
        return [owners.key(budget) for budget in budgets]

    def reconcile(self, key: tuple[str, str]) -> None:
        budget = self._objects.find(POD_DISRUPTION_BUDGET, *key)
        if budget is None:
            return
        selector = Selector.from_object(budget["spec"].get("selector"))
        covered = self._objects.list(kinds.POD, key[0], labels=selector)
        counts = decide(budget["spec"], covered, self._scale(covered))
        before = budget.get("status", {}).get("conditions") or []
        allowed = counts["disruptionsAllowed"] > 0
        news = {
            "type": "DisruptionAllowed",
            "status": str(allowed),
            "reason": "SufficientPods" if allowed else "InsufficientPods",
            "message": "",
            "observedGeneration": budget["metadata"].get("generation", 1),
        }
        budget["status"] = counts | {
            "observedGeneration": budget["metadata"].get("generation", 1),
            "conditions": conditions.put(before, news, self._clock()),
        }
        self._objects.update(POD_DISRUPTION_BUDGET, budget, subresource="status")

    def _scale(self, covered: Iterable[dict]) -> int:
        """The pods that the covered pods' controllers are to keep together."""
        size_by_controller = {}
        for pod in covered:
            if controller := self._top_controller(pod):
                size_by_controller[controller["metadata"]["uid"]] = controller["spec"].get("replicas", 1)
        return sum(size_by_controller.values())

    def _top_controller(self, item: dict) -> dict | None:
        owner, top = owners.controller_of(item), None
        while owner:
            kind = next((scaled_kind for scaled_kind in _SCALED if scaled_kind.kind == owner["kind"]), None)
            above = kind and self._objects.find(kind, item["metadata"]["namespace"], owner["name"])
            if not above:
                break
            top, owner = above, owners.controller_of(above)
        return top


def decide(spec: dict, covered: Sequence[dict], scale: int) -> dict:
    """The counts of a budget's status. Pure; percentages round up, as the standard controller does."""
    least, most = spec.get("minAvailable"), spec.get("maxUnavailable")
    if most is not None:
        expected = scale
        desired = max(0, expected - share(most, expected, round_up=True))
    else:
        expected = len(covered) if isinstance(least, int) else scale
        desired = share(1 if least is None else least, expected, round_up=True)
    healthy = sum(pods.is_ready(pod) and not owners.is_deleted(pod) for pod in covered)
    return {
        "currentHealthy": healthy,
        "desiredHealthy": desired,
        "disruptionsAllowed": max(0, healthy - desired) if expected else 0,
        "expectedPods": expected,
    }
