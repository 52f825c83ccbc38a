"""The drills that both paths have: a commit whose workloads cannot become well."""

from collections.abc import Callable
from typing import Protocol

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.closed_registry import closed
from aks_flow.rehearsal.scenarios.drills.drill import Drill, Expected, Said
from aks_flow.rehearsal.scenarios.drills.stage import Stage
from aks_flow.rollout.verdict import reasons

TITLE = "manifests/base/front/front.env"  # holds the page's title: a harmless thing to change
SHORT = {"INVOKE_DEADLINE": "15"}  # seconds: for faults that only the deadline ends


class Deliver(Protocol):
    """Deliver a commit in which the environment's overlay is edited."""

    def __call__(self, stage: Stage, edit: faults.Edit, **settings: str) -> Said: ...


def drills(path: str, deliver: Deliver, image: Callable[[str], faults.Edit]) -> tuple[Drill, ...]:
    """image: the fault of a container with that image."""

    def missing(stage: Stage) -> Said:
        return deliver(stage, image(f"{stage.config.destination.registry}/front:missing"))

    def refused(stage: Stage) -> Said:
        with closed(stage.context.run, stage.config) as registry:
            return deliver(stage, image(f"{registry}/front:1"))

    held = (
        ("missing-image", reasons.IMAGE_NOT_FOUND, 30, missing),
        ("crash-loop", reasons.CRASH_LOOP, 40, lambda stage: deliver(stage, faults.CRASH)),
        ("never-ready", reasons.NEVER_READY, 40, lambda stage: deliver(stage, faults.NEVER_READY, **SHORT)),
        ("redis-away", reasons.NEVER_READY, 40, lambda stage: deliver(stage, faults.no_redis(), **SHORT)),
        ("registry-401", reasons.IMAGE_PULL_DENIED, 30, refused),
    )
    return tuple(
        Drill(name, path, Expected.verdict(reason, within), act) for name, reason, within, act in held
    )
