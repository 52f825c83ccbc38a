"""Bringing a plan's objects to the cluster. A strategy other than a rolling update replaces `apply`."""

from scripts import password, render
from scripts.delivery import Delivery
from scripts.deploy.plan import Plan
from scripts.rollout import goal
from scripts.rollout.goal import Goal
from scripts.tools import kubectl


def apply(delivery: Delivery, plan: Plan) -> Goal:
    """Make the password if there is none, apply everything; what to wait for is what the server then has."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    if plan.new_secret:
        password.create(run, cluster)
    stored = run.run(cluster.apply_and_show(plan.manifest)).text
    return goal.applied(plan.namespace, kubectl.parse_objects(stored))


def standing(plan: Plan) -> Goal:
    """The goal where nothing is to be applied: what is there must be well."""
    return goal.standing(plan.namespace, render.objects(plan.manifest))
