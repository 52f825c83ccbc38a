"""A canary: a few pods of the new version among the old ones, beside as many fresh pods of the old version.

More of both at each step, with a look at both after it. How far it has come is written on the canary itself,
so that a run that was stopped is gone on with.
"""

from collections.abc import Callable
from functools import partial

from scripts import superseded, wait
from scripts.delivery import Delivery
from scripts.deploy.plan import Plan
from scripts.deploy.prove import ask
from scripts.deploy.settle import settle
from scripts.deploy.staging import Stage
from scripts.rollout import goal
from scripts.strategy import pointers, twins
from scripts.strategy.compare import worse
from scripts.strategy.parts import Parts, manifest
from scripts.strategy.twins import BASELINE, CANARY, STEP
from scripts.tools import kubectl
from scripts.watching import asked
from scripts.watching.bad import BadVerdict
from scripts.watching.evidence import Finding

_PAUSE = 1.0  # seconds between two looks


def bring(delivery: Delivery, plan: Plan, parts: Parts, stage: Stage) -> None:
    """All steps, from the one begun last; BadVerdict if the canary is worse off than its baseline."""
    steps = delivery.config.canary.steps
    for number in range(begun(stage, parts.deployment, len(steps)), len(steps) + 1):
        count = twins.share(parts.replicas(stage.live), steps[number - 1])
        with delivery.steps("canary") as step:
            objects = twins_of(parts, stage, number, count)
            _grow(delivery, plan, objects, partial(delivery.steps.progress, step))
            _observe(delivery, plan)
            step.note = f"step {number} of {len(steps)}: {count} new pods beside {count} fresh old ones"
        if parts.has_service(delivery.config.app.name):
            ask(delivery, plan, twins.name(delivery.config.app.name, CANARY))


def begun(stage: Stage, wanted: dict, steps: int) -> int:
    """The step to begin with: that of a canary of the very same pods, or the first."""
    there = stage.twins.get(CANARY)
    if not there or not twins.same_pods(twins.applied(there), wanted):
        return 1
    text = there["metadata"].get("annotations", {}).get(STEP, "1")
    return min(int(text), steps) if text.isdecimal() else 1


def twins_of(parts: Parts, stage: Stage, number: int, count: int) -> list[dict]:
    """The canary, its baseline and the Services that find the canary alone, at one step."""
    notes = {STEP: str(number), **superseded.kept(parts.deployment)}
    return [
        twins.twin(parts.deployment, CANARY, count, **notes),
        twins.twin(stage.live, BASELINE, count),
        *(pointers.beside(one, CANARY) for one in parts.services),
    ]


def _grow(delivery: Delivery, plan: Plan, objects: list[dict], tell: Callable[[str], None]) -> None:
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    stored = kubectl.parse_objects(run.run(cluster.apply_and_show(manifest(objects))).text)
    settle(delivery, plan, goal.applied(plan.namespace, stored), tell)


def _observe(delivery: Delivery, plan: Plan) -> None:
    """BadVerdict if within the configured time the canary comes to be worse off."""
    run, cluster = delivery.run, delivery.cluster(plan.environment)
    seconds = delivery.config.canary.seconds
    where = f"deployment/{twins.name(delivery.config.app.name, CANARY)}"
    found = wait.within(lambda: worse(asked.snapshot(run, cluster, ("Pod",))), seconds, _PAUSE)
    if found:
        reason, text = found
        raise BadVerdict(plan.environment, (Finding(reason, where, text),))
