"""Waiting for a part of a delivery to be well before the next part begins."""

from collections.abc import Callable

from scripts.delivery import Delivery
from scripts.deploy.plan import Plan
from scripts.rollout.goal import Goal
from scripts.rollout.verdict import BAD, GOOD
from scripts.watching import evidence, watch
from scripts.watching.bad import AGAIN, BadVerdict


def settle(
    delivery: Delivery, plan: Plan, goal: Goal, tell: Callable[[str], None], next_step: str = AGAIN
) -> None:
    """BadVerdict if the goal's workloads do not come to be well; one look is enough where they long are."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    if not goal.targets:
        return
    seen = watch.look(run, cluster, goal)
    if seen.verdict.kind != GOOD:
        seen = watch.watch(run, cluster, goal, delivery.config.deadline, tell)
    if seen.verdict.kind == BAD:
        raise BadVerdict(plan.environment, evidence.gather(run, cluster, seen), next_step)
