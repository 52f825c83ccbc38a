"""A plan that changes nothing: what runs is verified, and rolled back if it is not healthy."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
    standing = standing_goal(plan.namespace, render.objects(plan.manifest))
    with ThreadPoolExecutor() as pool:
        past = pool.submit(store.read, context, plan.environment)
        try:
            proof = verify_unchanged(context, plan, standing, lambda: _was_good(past.result(), plan))
        except BadVerdict as bad:
            with _lock(context, plan.environment, locked) as own:
                raise _after_bad(own, plan, past.result(), bad, undo) from bad
    if not _was_good(past.result(), plan):
        with _lock(context, plan.environment, locked) as own:
            if _is_last(own, past.result()):
                store.conclude(own, _recorded(own, plan, past.result()), GOOD)
    seen = {"served": proof.served, "url": proof.url, "kept": plan.leftovers.kept}
    return PushOutcome(plan.environment, plan.image, plan.new_image, **seen)


def _was_good(history: History, plan: PushPlan) -> bool:
    """Whether the very same manifest had a good verdict when it was applied."""
    return bool(history.last and history.last.good and history.last.same(plan.manifest))


@contextmanager
def _lock(context: DeliveryContext, environment: str, locked: bool) -> Iterator[DeliveryContext]:
    if locked:
        yield context
        return
    with hold_lock(context, environment) as lock:
        yield lock.context


def _after_bad(
    context: DeliveryContext, plan: PushPlan, past: History, bad: BadVerdict, undo: bool
) -> BadVerdict:
    if not _is_last(context, past):
        return bad.after(Undone("left", "Another delivery came meanwhile, and is left as it is."))
    try:
        past = _recorded(context, plan, past)
    except AksFlowError as error:  # going back does not hang on it
        with context.steps("history") as step:
            step.note = f"what runs could not be written down: {error.in_one_line}"
    return roll_back(context, plan, past, bad, undo)


def _is_last(context: DeliveryContext, past: History) -> bool:
    """Whether nobody has delivered while this run waited for the lock."""
    return store.read(context, past.environment).numbers == past.numbers


def _recorded(context: DeliveryContext, plan: PushPlan, history: History) -> History:
    """The history whose last revision is what runs; written down now if it was applied in another way."""
    if history.last and history.last.same(plan.manifest):
        return history
    return store.record(context, history, plan)
