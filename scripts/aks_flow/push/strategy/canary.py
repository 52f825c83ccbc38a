"""A canary: a few pods of the new version among the old ones, beside as many fresh pods of the old version.

More of both at each step, with a look at both after it. How far it has come is written on the canary itself,
so that a run that was stopped is gone on with.
"""

from collections.abc import Callable
from functools import partial

from aks_flow.core import wait
from aks_flow.push import newer_version
from aks_flow.push.plan import Plan
from aks_flow.push.strategy import services, twins
from aks_flow.push.strategy.cluster_state import Stage
from aks_flow.push.strategy.compare import worse
from aks_flow.push.strategy.parts import Parts, manifest
from aks_flow.push.strategy.twins import BASELINE, CANARY, STEP
from aks_flow.push.verify import ask
from aks_flow.push.wait_healthy import settle
from aks_flow.rollout.verdict import goal
from aks_flow.rollout.watch import poll
from aks_flow.rollout.watch.evidence import Finding
from aks_flow.rollout.watch.failure import BadVerdict
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools import kubectl

_PAUSE = 1.0  # seconds between two looks


def bring(context: DeliveryContext, plan: Plan, parts: Parts, stage: Stage) -> None:
    """All steps, from the one begun last; BadVerdict if the canary is worse off than its baseline."""
    steps = context.config.canary.steps
    for number in range(begun(stage, parts.deployment, len(steps)), len(steps) + 1):
        count = twins.share(parts.replicas(stage.live), steps[number - 1])
        with context.steps("canary") as step:
            objects = twins_of(parts, stage, number, count)
            _grow(context, plan, objects, partial(context.steps.progress, step))
            _observe(context, plan)
            step.note = f"step {number} of {len(steps)}: {count} new pods beside {count} fresh old ones"
        if parts.has_service(context.config.app.name):
            ask(context, plan, twins.name(context.config.app.name, CANARY))


def begun(stage: Stage, wanted: dict, steps: int) -> int:
    """The step to begin with: that of a canary of the very same pods, or the first."""
    there = stage.twins.get(CANARY)
    if not there or not twins.same_pods(twins.applied(there), wanted):
        return 1
    text = there["metadata"].get("annotations", {}).get(STEP, "1")
    return min(int(text), steps) if text.isdecimal() else 1


def twins_of(parts: Parts, stage: Stage, number: int, count: int) -> list[dict]:
    """The canary, its baseline and the Services that find the canary alone, at one step."""
    notes = {STEP: str(number), **newer_version.kept(parts.deployment)}
    return [
        twins.twin(parts.deployment, CANARY, count, **notes),
        twins.twin(stage.live, BASELINE, count),
        *(services.beside(one, CANARY) for one in parts.services),
    ]


def _grow(context: DeliveryContext, plan: Plan, objects: list[dict], tell: Callable[[str], None]) -> None:
    run, cluster = context.run, context.cluster(plan.environment)
    stored = kubectl.parse_objects(run.run(cluster.apply_and_show(manifest(objects))).text)
    settle(context, plan, goal.applied(plan.namespace, stored), tell)


def _observe(context: DeliveryContext, plan: Plan) -> None:
    """BadVerdict if within the configured time the canary comes to be worse off."""
    run, cluster = context.run, context.cluster(plan.environment)
    seconds = context.config.canary.seconds
    where = f"deployment/{twins.name(context.config.app.name, CANARY)}"
    found = wait.within(lambda: worse(poll.snapshot(run, cluster, ("Pod",))), seconds, _PAUSE)
    if found:
        reason, text = found
        raise BadVerdict(plan.environment, (Finding(reason, where, text),))
