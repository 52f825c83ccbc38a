"""A plan that changes nothing: what runs is verified, and rolled back if it is not healthy."""

from collections.abc import Iterator
from contextlib import contextmanager

from aks_flow.core.errors import AksFlowError
from aks_flow.manifests import render
from aks_flow.push.history import store
from aks_flow.push.history.auto_rollback import roll_back
from aks_flow.push.history.history import History
from aks_flow.push.lock.fence import hold_lock
from aks_flow.push.outcome import PushOutcome
from aks_flow.push.plan import PushPlan
from aks_flow.push.verify import verify_unchanged
from aks_flow.rollout.verdict.goal import standing_goal
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch.failure import BadVerdict, Undone
from aks_flow.target.delivery import DeliveryContext


def confirm_unchanged(
    context: DeliveryContext, plan: PushPlan, undo: bool, locked: bool = False
) -> PushOutcome:
    """Verify what runs; BadVerdict if it is not healthy, as after any delivery.

    undo: whether to roll back then. locked: whether the lock is held; if not, it is taken before anything is
    written.
    """
    standing, was_good = standing_goal(plan.namespace, render.objects(plan.manifest)), _was_good(plan)
    try:
        proof = verify_unchanged(context, plan, standing, was_good)
    except BadVerdict as bad:
        with _lock(context, plan.environment, locked) as own:
            raise _after_bad(own, plan, bad, undo) from bad
    if not was_good:
        with _lock(context, plan.environment, locked) as own:
            if past := _same_history(own, plan):
                store.conclude(own, _recorded(own, plan, past), GOOD)
    kept = plan.changes.leftovers.kept
    return PushOutcome(
        plan.environment, plan.image, plan.new_image, served=proof.served, url=proof.url, kept=kept
    )


def _was_good(plan: PushPlan) -> bool:
    """Whether the very same manifest had a good verdict when it was applied."""
    last = plan.basis.history.last
    return bool(last and last.good and last.same(plan.manifest))


@contextmanager
def _lock(context: DeliveryContext, environment: str, locked: bool) -> Iterator[DeliveryContext]:
    if locked:
        yield context
        return
    with hold_lock(context, environment) as lock:
        yield lock.context


def _after_bad(context: DeliveryContext, plan: PushPlan, bad: BadVerdict, undo: bool) -> BadVerdict:
    past = _same_history(context, plan)
    if past is None:
        return bad.after(Undone("left", "Another delivery came meanwhile, and is left as it is."))
    try:
        past = _recorded(context, plan, past)
    except AksFlowError as error:  # going back does not hang on it
        with context.steps("history") as step:
            step.note = f"what runs could not be written down: {error.in_one_line}"
    return roll_back(context, plan, past, bad, undo)


def _same_history(context: DeliveryContext, plan: PushPlan) -> History | None:
    """The history as it is now; None if somebody has delivered since it was read for the plan."""
    now = store.read(context, plan.environment)
    return now if now.numbers == plan.basis.history.numbers else None


def _recorded(context: DeliveryContext, plan: PushPlan, history: History) -> History:
    """The history whose last revision is what runs; written down now if it was applied in another way."""
    if history.last and history.last.same(plan.manifest):
        return history
    return store.record(context, history, plan)
