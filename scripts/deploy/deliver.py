"""The push path as a whole: its steps in their order."""

from scripts import build
from scripts.delivery import Delivery
from scripts.deploy.apply import apply, standing
from scripts.deploy.outcome import Outcome
from scripts.deploy.plan import Plan, make_plan
from scripts.deploy.prove import prove
from scripts.deploy.validate import validate
from scripts.rollout.goal import Goal
from scripts.source import Source


def push(delivery: Delivery, source: Source, environment: str) -> Outcome:
    """Build, publish, plan, deploy."""
    delivery.config.environment(environment)
    copies = build.mirror(delivery)
    built = build.ensure(delivery, source)
    with delivery.steps("plan") as step:
        plan = make_plan(delivery, source, environment, built.image, copies)
        step.note = str(plan)
    return deploy(delivery, plan, built.new)


def deploy(delivery: Delivery, plan: Plan, built: bool = False) -> Outcome:
    """Carry out a plan; the server refuses all of it or none. BadVerdict if what it brought is not well."""
    goal = standing(plan) if plan.empty else _carry_out(delivery, plan)
    proof = prove(delivery, plan, goal)
    return Outcome(plan.environment, plan.image, built, not plan.empty, proof.told, proof.url)


def _carry_out(delivery: Delivery, plan: Plan) -> Goal:
    with delivery.steps("validate"):
        validate(delivery, plan)
    with delivery.steps("apply"):
        return apply(delivery, plan)
