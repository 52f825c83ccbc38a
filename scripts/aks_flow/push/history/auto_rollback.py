"""After a bad verdict: back to the last good revision, or the reason why not."""

from aks_flow.core.errors import AksFlowError
from aks_flow.push.history import rollback, store
from aks_flow.push.history.history import History
from aks_flow.push.plan import PushPlan
from aks_flow.rollout.verdict.reasons import OVERWRITTEN
from aks_flow.rollout.watch.failure import BadVerdict, Undone
from aks_flow.target.delivery import DeliveryContext


def roll_back(
    context: DeliveryContext, plan: PushPlan, history: History, bad: BadVerdict, undo: bool
) -> BadVerdict:
    """Write a bad verdict down, and roll back from ``plan``, which is the history's last revision.

    Gives the error to raise: ``bad`` with what came of the rollback. undo: whether to roll back at all.
    """
    history = store.conclude(context, history, bad.reason)
    return bad.after(_undone(context, plan, history, bad, undo))


def _undone(
    context: DeliveryContext, plan: PushPlan, history: History, bad: BadVerdict, undo: bool
) -> Undone:
    environment = plan.environment
    if bad.reason == OVERWRITTEN:
        return Undone("left", "It is left as the other delivery made it.")
    if not undo:
        return Undone("left", f"It is left as it is; `./inv push.undo --env {environment}` goes back.")
    revision = history.good_before(plan.manifest)
    if revision is None:
        return Undone("none", "There is nothing to go back to: no other delivery here was good.")
    try:
        rollback.restore(context, history, revision)
    except AksFlowError as error:
        return Undone("failed", f"Going back to {revision} failed, too: {error}", revision.number)
    return Undone("restored", f"It is back at {revision}, which runs.", revision.number)
