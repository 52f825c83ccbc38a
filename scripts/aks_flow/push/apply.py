"""Applying a plan's objects, wave by wave."""

from collections.abc import Callable
from functools import partial

from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import order, together
from aks_flow.push.plan import PushPlan
from aks_flow.push.settled_waves import join_settled
from aks_flow.push.wait_healthy import wait_healthy
from aks_flow.rollout.verdict.goal import RolloutGoal, applied_goal
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import apply, output


def apply_plan(context: DeliveryContext, plan: PushPlan) -> RolloutGoal:
    """Apply everything, as a step of the run.

    The goal: what to wait for, made of the objects as the server stored them. BadVerdict as of `apply_waves`.
    """
    with context.steps("apply") as step:
        goal = apply_waves(context, plan, partial(context.steps.progress, step))
        step.note = ""
    return goal


def apply_waves(context: DeliveryContext, plan: PushPlan, tell: Callable[[str], None]) -> RolloutGoal:
    """As `apply_plan`, as a part of a step. tell: hears what is waited for.

    A wave begins when the workloads of the wave before are healthy: BadVerdict if they do not become so.
    One of which nothing changes goes with the next. Services are not waited for: what they select may be
    in a later wave.
    """
    cluster, stored, wave_objects = context.cluster(plan.environment), [], []
    for documents in join_settled(plan, order(render.documents(plan.manifest)).waves):
        before = applied_goal(plan.namespace, wave_objects).without_services()
        wait_healthy(context, plan.environment, before, tell)
        stored = [item for item in stored if item["kind"] != "Job"]  # done, and perhaps gone by themselves
        answer = context.run.run(apply.delivered_and_show(cluster, together(documents)))
        wave_objects = output.objects(answer.text)
        stored += wave_objects
    return applied_goal(plan.namespace, stored)


def apply_at_once(context: DeliveryContext, plan: PushPlan, text: str) -> RolloutGoal:
    """Apply a manifest without waiting between its waves; the goal as of `apply_plan`."""
    answer = context.run.run(apply.delivered_and_show(context.cluster(plan.environment), text))
    return applied_goal(plan.namespace, output.objects(answer.text))


def apply_and_wait(context: DeliveryContext, plan: PushPlan, text: str, tell: Callable[[str], None]) -> None:
    """Apply a manifest and wait until it is healthy: BadVerdict if it does not become so."""
    wait_healthy(context, plan.environment, apply_at_once(context, plan, text), tell)
