"""Waiting for a part of a delivery to be well before the next part begins."""

from collections.abc import Callable

from aks_flow.push.plan import Plan
from aks_flow.rollout.verdict.goal import Goal
from aks_flow.rollout.verdict.verdict import BAD, GOOD
from aks_flow.rollout.watch import evidence, watch
from aks_flow.rollout.watch.failure import AGAIN, BadVerdict
from aks_flow.target.delivery import DeliveryContext


def settle(
    context: DeliveryContext, plan: Plan, goal: Goal, tell: Callable[[str], None], next_step: str = AGAIN
) -> None:
    """BadVerdict if the goal's workloads do not come to be well; one look is enough where they long are."""
    run, cluster = context.run, context.cluster(plan.environment)
    if not goal.targets:
        return
    seen = watch.look(run, cluster, goal)
    if seen.verdict.kind != GOOD:
        seen = watch.watch(run, cluster, goal, context.config.deadline, tell)
    if seen.verdict.kind == BAD:
        raise BadVerdict(plan.environment, evidence.gather(run, cluster, seen), next_step)
