"""A version that waits beside the old one: promoted to the whole environment, or rejected."""

from collections.abc import Iterator
from contextlib import contextmanager

from aks_flow.core.errors import AksFlowError
from aks_flow.manifests import render
from aks_flow.push import prune
from aks_flow.push.failed_apply import failures_judged
from aks_flow.push.history import rollback, store
from aks_flow.push.history.auto_rollback import roll_back
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import REJECTED, Revision
from aks_flow.push.history.rollback import Restored
from aks_flow.push.lock.fence import hold_lock
from aks_flow.push.outcome import PushOutcome
from aks_flow.push.strategy import cluster_state
from aks_flow.push.strategy.names import ROLLING
from aks_flow.push.strategy.parts import split
from aks_flow.push.strategy.run import choose_strategy, run_strategy
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.target.api_proxy import through_proxy
from aks_flow.target.delivery import DeliveryContext


def read_waiting(context: DeliveryContext, environment: str) -> History:
    """The history, whose last revision is the version that waits; AksFlowError if none does."""
    history = store.read(context, environment)
    last = history.last
    if not cluster_state.read_twins(context, environment) or last is None or not last.packed:
        step = "`./inv push --strategy canary` or `blue-green` brings a version that can be decided about."
        raise AksFlowError(f"no version waits in {environment}, and nothing was changed", next_step=step)
    return history


def promote(context: DeliveryContext, environment: str) -> PushOutcome:
    """Make the version that waits the environment's only one; AksFlowError if none does."""
    with _waiting(context, environment) as (locked, history):
        return _promote(locked, history)


@contextmanager
def _waiting(context: DeliveryContext, environment: str) -> Iterator[tuple[DeliveryContext, History]]:
    """The context that holds the lock, and the history as of `read_waiting`.

    AksFlowError if another version waits there since this was asked for: nobody has decided about that one.
    """
    with through_proxy(context, environment) as quick:
        meant = read_waiting(quick, environment).last  # refused before anybody has to wait for the lock
        with hold_lock(quick, environment) as lock:
            history = read_waiting(lock.context, environment)
            if history.last.number != meant.number:
                what = f"{history.last} waits in {environment} by now, not {meant}, and nothing was changed"
                raise AksFlowError(what, next_step=f"`./inv push.history --env {environment}` shows it.")
            yield lock.context, history


def _promote(context: DeliveryContext, history: History) -> PushOutcome:
    environment, last = history.environment, history.last
    plan = rollback.plan_of(context, environment, last)
    try:
        with failures_judged(context, plan):
            proof = run_strategy(context, plan, choose_strategy(context, plan, ROLLING))
    except BadVerdict as bad:
        raise roll_back(context, plan, history, bad, undo=True) from bad
    left = prune.prune(context, environment, prune.read(context, history, last.objects))
    store.conclude(context, history, GOOD)
    end = {"changed": True, "revision": last.number, "removed": left.removed, "kept": left.kept}
    return PushOutcome(environment, last.image, built=False, served=proof.served, url=proof.url, **end)


def reject(context: DeliveryContext, environment: str) -> tuple[Revision, Restored | None]:
    """Remove the version that waits, and restore the last good one. AksFlowError if none waits.

    Gives the revision that was rejected, and what was restored: None if the history has no good revision, and
    the old version goes on serving.
    """
    with _waiting(context, environment) as (locked, history):
        return history.last, _reject(locked, history)


def _reject(context: DeliveryContext, history: History) -> Restored | None:
    environment, last = history.environment, history.last
    with context.steps("reject") as step:
        step.note = str(last)
        parts = split(render.documents(last.manifest), context.config.app.name)
        cluster_state.pull_back(context, environment, cluster_state.read(context, environment, parts))
        history = store.conclude(context, history, REJECTED)
    good = history.good_before(last.manifest)
    return rollback.restore(context, history, good) if good else None
