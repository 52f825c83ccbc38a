"""The push path as a whole: its steps in their order."""

from dataclasses import replace
from functools import partial

from scripts import build, lock, render, superseded
from scripts.delivery import Delivery
from scripts.deploy.apply import apply, make_password, standing
from scripts.deploy.hooks import run_hooks
from scripts.deploy.outcome import Outcome
from scripts.deploy.plan import Plan, Wanted, make_plan
from scripts.deploy.prove import prove
from scripts.deploy.validate import validate
from scripts.rollout.goal import Goal
from scripts.source import Source
from scripts.tools import kubectl


def push(delivery: Delivery, source: Source, environment: str) -> Outcome:
    """Build, publish, deliver."""
    delivery.config.environment(environment)
    copies = build.mirror(delivery)
    built = build.ensure(delivery, source)
    return deliver(delivery, Wanted(source, environment, built.image, copies, automatic=True), built.new)


def deliver(delivery: Delivery, wanted: Wanted, built: bool = False) -> Outcome:
    """Plan, and carry the plan out under the environment's lock; without it if there is nothing to do.

    While somebody else is at it that cannot be said yet.
    """
    plan = _plan(delivery, wanted)
    if plan.empty and not plan.busy:
        return deploy(delivery, plan, built)
    with lock.held(delivery, plan.environment, render.namespace(plan.manifest, plan.namespace)) as own:
        if own.new_namespace:  # it holds nothing yet
            return deploy(own.delivery, replace(plan, new_namespace=True, new_secret=True), built)
        return _in_turn(own.delivery, wanted, built)


def _in_turn(delivery: Delivery, wanted: Wanted, built: bool) -> Outcome:
    """Others may have delivered since the plan was made: it is made again."""
    newer = _newer(delivery, wanted) if wanted.automatic else ""
    if newer:
        return Outcome(wanted.environment, wanted.image, built, False, {}, "", superseded_by=newer)
    return deploy(delivery, _plan(delivery, wanted), built)


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


def deploy(delivery: Delivery, plan: Plan, built: bool = False) -> Outcome:
    """Carry out a plan; the server refuses all of it or none. BadVerdict if what it brought is not well."""
    goal = standing(plan) if plan.empty else _carry_out(delivery, plan)
    proof = prove(delivery, plan, goal)
    return Outcome(plan.environment, plan.image, built, not plan.empty, proof.told, proof.url)


def _carry_out(delivery: Delivery, plan: Plan) -> Goal:
    with delivery.steps("validate"):
        validate(delivery, plan)
    make_password(delivery, plan)
    run_hooks(delivery, plan)
    with delivery.steps("apply") as step:
        goal = apply(delivery, plan, partial(delivery.steps.progress, step))
        step.note = ""
    return goal
