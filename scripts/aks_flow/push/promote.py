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
from aks_flow.target.delivery import Delivery


def waiting(delivery: Delivery, environment: str) -> History:
    """The history, whose last revision is the one that stands beside; AksFlowError if nothing does."""
    history = histories.of(delivery, environment)
    last = history.last
    if (
        not cluster_state.staged(delivery.run, delivery.cluster(environment))
        or last is None
        or not last.packed
    ):
        step = "`./inv push --strategy canary` or `blue-green` brings a version that can be decided about."
        raise AksFlowError(f"no version waits in {environment}, and nothing was changed", next_step=step)
    return history


def promote(delivery: Delivery, environment: str) -> Outcome:
    """The version that waits becomes the environment's only one; AksFlowError if none does."""
    waiting(delivery, environment)  # who must wait for nothing is told so first
    with lock.held(delivery, environment) as own:
        history = waiting(own.delivery, environment)
        return _promote(own.delivery, environment, history)


def _promote(delivery: Delivery, environment: str, history: History) -> Outcome:
    run, cluster, last = delivery.run, delivery.cluster(environment), history.last
    plan = histories.plan_of(environment, cluster.namespace, last)
    try:
        proof = strategies.bring(delivery, plan, strategies.choose(delivery, plan, ROLLING))
    except BadVerdict as bad:
        raise fall_back(delivery, plan, history, bad, undo=True) from bad
    histories.conclude(run, cluster, history, GOOD)
    end = {"built": False, "changed": True, "revision": last.number}
    return Outcome(environment, last.image, served=proof.told, url=proof.url, **end)


def reject(delivery: Delivery, environment: str) -> tuple[Revision, Restored | None]:
    """The version that waits goes, and the last good one has everything back. AksFlowError if none waits.

    Restored is None if the history has no good one: then the old version serves as it was left.
    """
    waiting(delivery, environment)
    with lock.held(delivery, environment) as own:
        history = waiting(own.delivery, environment)
        return history.last, _reject(own.delivery, environment, history)


def _reject(delivery: Delivery, environment: str, history: History) -> Restored | None:
    run, cluster, last = delivery.run, delivery.cluster(environment), history.last
    with delivery.steps("reject") as step:
        step.note = str(last)
        own = parts(render.documents(last.manifest), delivery.config.app.name)
        cluster_state.pull_back(delivery, environment, cluster_state.look(delivery, environment, own))
        history = histories.conclude(run, cluster, history, REJECTED)
    back = history.good_before(last.manifest)
    return go_back(delivery, environment, history, back) if back else None
