"""Waiting for workloads to be healthy: BadVerdict, with its evidence, if they do not become so."""

from collections.abc import Callable
from dataclasses import replace

from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.rollout.verdict.verdict import BAD, GOOD
from aks_flow.rollout.watch import evidence, watch
from aks_flow.rollout.watch.failure import AGAIN, BadVerdict
from aks_flow.rollout.watch.watch import Observation
from aks_flow.target.delivery import DeliveryContext


def wait_healthy(
    context: DeliveryContext,
    environment: str,
    goal: RolloutGoal,
    tell: Callable[[str], None],
    next_step: str = AGAIN,
) -> None:
    """Wait until the goal's workloads are healthy: BadVerdict if they do not become so.

    Where they have long been, one look is enough. tell: hears what is waited for.
    """
    if not goal.targets:
        return
    seen = watch.look(context.run, context.cluster(environment), goal)
    if seen.verdict.kind != GOOD:
        seen = watch_goal(context, environment, goal, tell)
    refuse_bad(context, environment, seen, next_step)


def watch_goal(
    context: DeliveryContext, environment: str, goal: RolloutGoal, tell: Callable[[str], None]
) -> Observation:
    """The verdict, at the latest at the configured deadline."""
    goal = replace(goal, tolerant=bool(context.config.environment(environment).tolerate))
    return watch.watch(context.run, context.cluster(environment), goal, context.config.deadline, tell)


def refuse_bad(context: DeliveryContext, environment: str, seen: Observation, next_step: str = AGAIN) -> None:
    """BadVerdict, with its evidence, for a verdict that is bad."""
    if seen.verdict.kind == BAD:
        findings = evidence.gather(context.run, context.cluster(environment), seen)
        raise BadVerdict(environment, findings, next_step)
