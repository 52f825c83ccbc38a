"""Bringing a plan's objects to the cluster, wave by wave."""

from collections.abc import Callable
from dataclasses import replace

from aks_flow.manifests import render
from aks_flow.manifests.sync_waves import Wave, order
from aks_flow.push.plan import Plan
from aks_flow.push.wait_healthy import settle
from aks_flow.rollout import redis_password
from aks_flow.rollout.verdict import goal
from aks_flow.rollout.verdict.goal import Goal
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import kubectl


def apply(context: DeliveryContext, plan: Plan, tell: Callable[[str], None] = lambda _: None) -> Goal:
    """Apply everything; what to wait for is what the server then has.

    A wave begins when the workloads of the one before are well: BadVerdict if they do not come to be.
    Services wait for the end, since what they select may come later. ``tell`` hears what is waited for.
    """
    stored, made = [], []
    for wave in order(render.documents(plan.manifest)).waves:
        settle(context, plan, replace(goal.applied(plan.namespace, made), services=()), tell)
        made = _bring(context, plan, wave)
        stored += made
    return goal.applied(plan.namespace, stored)


def _bring(context: DeliveryContext, plan: Plan, wave: Wave) -> list[dict]:
    cluster = context.cluster(plan.environment)
    return kubectl.parse_objects(context.run.run(cluster.apply_and_show(wave.manifest)).text)


def make_password(context: DeliveryContext, plan: Plan) -> None:
    """The Secret that is in no manifest, if there is none."""
    if plan.new_secret:
        redis_password.create(context.run, context.cluster(plan.environment))


def standing(plan: Plan) -> Goal:
    """The goal where nothing is to be applied: what is there must be well."""
    return goal.standing(plan.namespace, render.objects(plan.manifest))
