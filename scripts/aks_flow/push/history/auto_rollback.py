"""After a bad verdict: back to the last good revision, or the reason why not."""

from aks_flow.core.errors import AksFlowError
from aks_flow.push.history import history as histories
from aks_flow.push.history import rollback
from aks_flow.push.history.history import History
from aks_flow.push.plan import Plan
from aks_flow.rollout.verdict.reasons import SUPERSEDED
from aks_flow.rollout.watch.failure import BadVerdict, Undone
from aks_flow.target.delivery import DeliveryContext


def fall_back(
    context: DeliveryContext, plan: Plan, history: History, bad: BadVerdict, undo: bool
) -> BadVerdict:
    """``bad`` with what was done about it; the verdict is written down first."""
    history = histories.conclude(context.run, context.cluster(plan.environment), history, bad.reason)
    return bad.after(_undone(context, plan, history, bad, undo))


def _undone(context: DeliveryContext, plan: Plan, history: History, bad: BadVerdict, undo: bool) -> Undone:
    environment = plan.environment
    if bad.reason == SUPERSEDED:
        return Undone("left", "It is left as the other delivery made it.")
    if not undo:
        return Undone("left", f"It is left as it is; `./inv push.undo --env {environment}` goes back.")
    back = history.good_before(plan.manifest)
    if back is None:
        return Undone("none", "There is nothing to go back to: no other delivery here was good.")
    try:
        rollback.go_back(context, environment, history, back)
    except AksFlowError as error:
        return Undone("failed", f"Going back to {back} failed, too: {error}", back.number)
    return Undone("restored", f"It is back at {back}, which runs.", back.number)
