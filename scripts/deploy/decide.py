"""What a person decides about a version that stands beside the old one: all of it, or none."""

from scripts import lock, render
from scripts.delivery import Delivery
from scripts.deploy import history as histories
from scripts.deploy import staging, strategies
from scripts.deploy.fall_back import fall_back
from scripts.deploy.history import History
from scripts.deploy.outcome import Outcome
from scripts.deploy.restore import Restored, go_back
from scripts.deploy.revision import REJECTED, Revision
from scripts.errors import AksFlowError
from scripts.rollout.verdict import GOOD
from scripts.strategy.names import ROLLING
from scripts.strategy.parts import parts
from scripts.watching.bad import BadVerdict


def waiting(delivery: Delivery, environment: str) -> History:
    """The history, whose last revision is the one that stands beside; AksFlowError if nothing does."""
    history = histories.of(delivery, environment)
    last = history.last
    if not staging.staged(delivery.run, delivery.cluster(environment)) or last is None or not last.packed:
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
        staging.pull_back(delivery, environment, staging.look(delivery, environment, own))
        history = histories.conclude(run, cluster, history, REJECTED)
    back = history.good_before(last.manifest)
    return go_back(delivery, environment, history, back) if back else None
