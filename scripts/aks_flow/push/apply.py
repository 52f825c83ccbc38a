"""Bringing a plan's objects to the cluster, wave by wave."""

from collections.abc import Callable
from functools import partial

from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import order
from aks_flow.push.plan import PushPlan
from aks_flow.push.wait_healthy import wait_healthy
from aks_flow.rollout import redis_password
from aks_flow.rollout.verdict.goal import RolloutGoal, applied_goal
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import kubectl


def make_password(context: DeliveryContext, plan: PushPlan) -> None:
    """Make the Secret that is in no manifest, if there is none."""
    if plan.new_secret:
        redis_password.create(context.run, context.cluster(plan.environment))


def apply(context: DeliveryContext, plan: PushPlan) -> RolloutGoal:
    """Apply everything, as a step of the run; what to wait for is what the server then has."""
    with context.steps("apply") as step:
        goal = apply_waves(context, plan, partial(context.steps.progress, step))
        step.note = ""
    return goal


def apply_waves(context: DeliveryContext, plan: PushPlan, tell: Callable[[str], None]) -> RolloutGoal:
    """As `apply`, as a part of a step: ``tell`` hears what is waited for.

    A wave begins when the workloads of the one before are well: BadVerdict if they do not come to be.
    Services wait for the end, since what they select may come later.
    """
    cluster, stored, wave_objects = context.cluster(plan.environment), [], []
    for wave in order(render.documents(plan.manifest)).waves:
        before = applied_goal(plan.namespace, wave_objects).without_services()
        wait_healthy(context, plan.environment, before, tell)
        answer = context.run.run(cluster.apply_and_show(wave.manifest))
        wave_objects = kubectl.parse_objects(answer.text)
        stored += wave_objects
    return applied_goal(plan.namespace, stored)


def apply_at_once(context: DeliveryContext, plan: PushPlan, text: str) -> RolloutGoal:
    """Apply a manifest of the plan's namespace whole; what to wait for is what the server then has."""
    answer = context.run.run(context.cluster(plan.environment).apply_and_show(text))
    return applied_goal(plan.namespace, kubectl.parse_objects(answer.text))


def apply_and_wait(context: DeliveryContext, plan: PushPlan, text: str, tell: Callable[[str], None]) -> None:
    """As `apply_at_once`, until all of it is well: BadVerdict if it does not come to be."""
    wait_healthy(context, plan.environment, apply_at_once(context, plan, text), tell)
