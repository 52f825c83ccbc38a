"""A plan that changes nothing: is what stands there well? If not, it is undone like any other delivery."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from aks_flow.push import lock
from aks_flow.push.apply import standing
from aks_flow.push.history import history as histories
from aks_flow.push.history.auto_rollback import fall_back
from aks_flow.push.history.history import History
from aks_flow.push.outcome import Outcome
from aks_flow.push.plan import Plan
from aks_flow.push.verify import confirm
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch.failure import BadVerdict, Undone
from aks_flow.target.delivery import DeliveryContext


def unchanged(context: DeliveryContext, plan: Plan, built: bool, undo: bool, locked: bool = False) -> Outcome:
    """BadVerdict if it is not well. The lock is taken, unless it is held, if something must be written."""
    run, cluster = context.run, context.cluster(plan.environment)
    with ThreadPoolExecutor() as pool:
        past = pool.submit(histories.read, run, cluster, plan.environment)
        try:
            proof = confirm(context, plan, standing(plan), lambda: _proven(past.result(), plan))
        except BadVerdict as bad:
            with _turn(context, plan.environment, locked) as own:
                raise _answered(own, plan, past.result(), bad, undo) from bad
    if not _proven(past.result(), plan):
        with _turn(context, plan.environment, locked) as own:
            if _still(own, past.result()):
                histories.conclude(own.run, cluster, _recorded(own, plan, past.result()), GOOD)
    return Outcome(plan.environment, plan.image, built, False, proof.told, proof.url)


def _proven(history: History, plan: Plan) -> bool:
    """Whether the very same was found to be good when it came."""
    return bool(history.last and history.last.good and history.last.same(plan.manifest))


@contextmanager
def _turn(context: DeliveryContext, environment: str, locked: bool) -> Iterator[DeliveryContext]:
    if locked:
        yield context
        return
    with lock.held(context, environment) as own:
        yield own.context


def _answered(context: DeliveryContext, plan: Plan, past: History, bad: BadVerdict, undo: bool) -> BadVerdict:
    if not _still(context, past):
        return bad.after(Undone("left", "Another delivery came meanwhile, and is left as it is."))
    return fall_back(context, plan, _recorded(context, plan, past), bad, undo)


def _still(context: DeliveryContext, past: History) -> bool:
    """Whether nobody delivered while the lock was waited for."""
    return histories.of(context, past.environment).numbers == past.numbers


def _recorded(context: DeliveryContext, plan: Plan, history: History) -> History:
    """The history with what stands there as its last revision, in case it came otherwise."""
    if history.last and history.last.same(plan.manifest):
        return history
    cluster = context.cluster(plan.environment)
    return histories.record(context.run, cluster, history, histories.draft(history, plan))
