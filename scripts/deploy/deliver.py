"""The push path as a whole: its steps in their order."""

from dataclasses import replace

from scripts import build, lock, render, superseded
from scripts.delivery import Delivery
from scripts.deploy.carry_out import carry_out
from scripts.deploy.outcome import Outcome
from scripts.deploy.plan import Plan, Wanted, make_plan
from scripts.deploy.unchanged import unchanged
from scripts.source import Source
from scripts.tools import kubectl


def push(delivery: Delivery, source: Source, environment: str, undo: bool = True) -> Outcome:
    """Build, publish, deliver."""
    delivery.config.environment(environment)
    copies = build.mirror(delivery)
    built = build.ensure(delivery, source)
    wanted = Wanted(source, environment, built.image, copies, automatic=True, undo=undo)
    return deliver(delivery, wanted, built.new)


def deliver(delivery: Delivery, wanted: Wanted, built: bool = False) -> Outcome:
    """Plan, and carry the plan out under the environment's lock; without it if there is nothing to do.

    While somebody else is at it that cannot be said yet.
    """
    plan = _plan(delivery, wanted)
    if plan.empty and not plan.busy:
        return unchanged(delivery, plan, built, wanted.undo)
    with lock.held(delivery, plan.environment, render.namespace(plan.manifest, plan.namespace)) as own:
        if own.new_namespace:  # it holds nothing yet
            plan = replace(plan, new_namespace=True, new_secret=True)
            return deploy(own.delivery, plan, built, wanted.undo)
        return _in_turn(own.delivery, wanted, built)


def _in_turn(delivery: Delivery, wanted: Wanted, built: bool) -> Outcome:
    """Others may have delivered since the plan was made: it is made again."""
    newer = _newer(delivery, wanted) if wanted.automatic else ""
    if newer:
        return Outcome(wanted.environment, wanted.image, built, False, {}, "", superseded_by=newer)
    return deploy(delivery, _plan(delivery, wanted), built, wanted.undo)


def deploy(delivery: Delivery, plan: Plan, built: bool = False, undo: bool = True) -> Outcome:
    """Carry a plan out, under the environment's lock; the server refuses all of it or none.

    BadVerdict if what it brought is not well; with ``undo`` the last good revision is back by then.
    """
    if plan.empty:
        return unchanged(delivery, plan, built, undo, locked=True)
    return carry_out(delivery, plan, built, undo)


def _newer(delivery: Delivery, wanted: Wanted) -> str:
    """The newer version that runs, or ""."""
    cluster, app = delivery.cluster(wanted.environment), delivery.config.app.name
    found = kubectl.parse_objects(delivery.run.run(cluster.find("deployment.apps", app)).text)
    running = superseded.running(found[0]) if found else None
    return superseded.by(delivery.run, wanted.source, running)


def _plan(delivery: Delivery, wanted: Wanted) -> Plan:
    with delivery.steps("plan") as step:
        plan = make_plan(delivery, wanted)
        step.note = str(plan)
    return plan
