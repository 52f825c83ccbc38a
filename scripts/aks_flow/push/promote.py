"""What a person decides about a version that stands beside the old one: all of it, or none."""

from aks_flow.core.errors import AksFlowError
from aks_flow.manifests import render
from aks_flow.push import lock
from aks_flow.push.history import history as histories
from aks_flow.push.history.auto_rollback import fall_back
from aks_flow.push.history.history import History
from aks_flow.push.history.revision import REJECTED, Revision
from aks_flow.push.history.rollback import Restored, go_back
from aks_flow.push.outcome import Outcome
from aks_flow.push.strategy import cluster_state
from aks_flow.push.strategy import run as strategies
from aks_flow.push.strategy.names import ROLLING
from aks_flow.push.strategy.parts import parts
from aks_flow.rollout.verdict.verdict import GOOD
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.target.delivery import DeliveryContext


def waiting(context: DeliveryContext, environment: str) -> History:
    """The history, whose last revision is the one that stands beside; AksFlowError if nothing does."""
    history = histories.of(context, environment)
    last = history.last
    if not cluster_state.staged(context.run, context.cluster(environment)) or last is None or not last.packed:
        step = "`./inv push --strategy canary` or `blue-green` brings a version that can be decided about."
        raise AksFlowError(f"no version waits in {environment}, and nothing was changed", next_step=step)
    return history


def promote(context: DeliveryContext, environment: str) -> Outcome:
    """The version that waits becomes the environment's only one; AksFlowError if none does."""
    waiting(context, environment)  # who must wait for nothing is told so first
    with lock.held(context, environment) as own:
        history = waiting(own.context, environment)
        return _promote(own.context, environment, history)


def _promote(context: DeliveryContext, environment: str, history: History) -> Outcome:
    run, cluster, last = context.run, context.cluster(environment), history.last
    plan = histories.plan_of(environment, cluster.namespace, last)
    try:
        proof = strategies.bring(context, plan, strategies.choose(context, plan, ROLLING))
    except BadVerdict as bad:
        raise fall_back(context, plan, history, bad, undo=True) from bad
    histories.conclude(run, cluster, history, GOOD)
    end = {"built": False, "changed": True, "revision": last.number}
    return Outcome(environment, last.image, served=proof.told, url=proof.url, **end)


def reject(context: DeliveryContext, environment: str) -> tuple[Revision, Restored | None]:
    """The version that waits goes, and the last good one has everything back. AksFlowError if none waits.

    Restored is None if the history has no good one: then the old version serves as it was left.
    """
    waiting(context, environment)
    with lock.held(context, environment) as own:
        history = waiting(own.context, environment)
        return history.last, _reject(own.context, environment, history)


def _reject(context: DeliveryContext, environment: str, history: History) -> Restored | None:
    run, cluster, last = context.run, context.cluster(environment), history.last
    with context.steps("reject") as step:
        step.note = str(last)
        own = parts(render.documents(last.manifest), context.config.app.name)
        cluster_state.pull_back(context, environment, cluster_state.look(context, environment, own))
        history = histories.conclude(run, cluster, history, REJECTED)
    back = history.good_before(last.manifest)
    return go_back(context, environment, history, back) if back else None
