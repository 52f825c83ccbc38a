"""The drills that both paths have: a commit whose workloads cannot become well."""

from collections.abc import Callable
from typing import Protocol

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.closed_registry import closed
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import Drill, Expected, TaskAnswer
from aks_flow.rollout.verdict import reasons

TITLE = "manifests/base/front/front.env"  # holds the page's title: a harmless thing to change
SHORT = {"INVOKE_DEADLINE": "15"}  # seconds: for faults that only the deadline ends


class Deliver(Protocol):
    """Deliver a commit in which the environment's overlay is edited."""

    def __call__(self, context: DrillContext, edit: faults.Edit, **settings: str) -> TaskAnswer: ...


def drills(
    path: str, deliver: Deliver, with_image: Callable[[faults.Fault], faults.Edit]
) -> tuple[Drill, ...]:
    """with_image: how a path's commit can hold a fault of an image."""

    def missing_image(context: DrillContext) -> TaskAnswer:
        return deliver(context, with_image(faults.missing_image(context.config.destination.registry)))

    def denied_image(context: DrillContext) -> TaskAnswer:
        with closed(context.delivery.run, context.config) as registry:
            return deliver(context, with_image(faults.denied_image(registry)))

    def crash_loop(context: DrillContext) -> TaskAnswer:
        return deliver(context, faults.in_front(faults.CRASH_LOOP))

    def never_ready(context: DrillContext) -> TaskAnswer:
        return deliver(context, faults.in_front(faults.NEVER_READY), **SHORT)

    def redis_away(context: DrillContext) -> TaskAnswer:
        return deliver(context, faults.without_redis(), **SHORT)

    return (
        Drill("missing-image", path, Expected.verdict(reasons.IMAGE_NOT_FOUND, 30), missing_image),
        Drill("crash-loop", path, Expected.verdict(reasons.CRASH_LOOP, 40), crash_loop),
        Drill("never-ready", path, Expected.verdict(reasons.NEVER_READY, 40), never_ready),
        Drill("redis-away", path, Expected.verdict(reasons.NEVER_READY, 40), redis_away),
        Drill("registry-401", path, Expected.verdict(reasons.IMAGE_PULL_DENIED, 30), denied_image),
    )
