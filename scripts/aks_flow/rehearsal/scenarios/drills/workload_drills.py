"""The drills of a commit whose workloads cannot become well; most of them are held on both paths."""

from collections.abc import Callable
from typing import Protocol

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.closed_registry import closed
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import Drill, Expected, TaskAnswer
from aks_flow.rehearsal.scenarios.drills.faults import Edit, Fault, FaultyContainer
from aks_flow.rehearsal.scenarios.drills.project import DrilledProject
from aks_flow.rollout.verdict import reasons

SHORT = {"INVOKE_DEADLINE": "15"}  # seconds: for faults that only the deadline ends
_NOT_PATCHED = "the manifests are not kustomize's, so that a commit cannot patch what answers"


class Deliver(Protocol):
    """Deliver a commit in which the environment's overlay is edited."""

    def __call__(self, context: DrillContext, edit: Edit, **settings: str) -> TaskAnswer: ...


def drills(
    path: str, deliver: Deliver, with_image: Callable[[FaultyContainer, Fault], Edit]
) -> tuple[Drill, ...]:
    """with_image: how a path's commit can hold a fault of an image."""

    def missing_image(context: DrillContext) -> TaskAnswer:
        place = context.projects[path].answering
        return deliver(context, with_image(place, faults.missing_image(context.config.destination.registry)))

    def denied_image(context: DrillContext) -> TaskAnswer:
        place = context.projects[path].answering
        with closed(context.delivery.run, context.config) as registry:
            return deliver(context, with_image(place, faults.denied_image(registry)))

    def crash_loop(context: DrillContext) -> TaskAnswer:
        return deliver(context, faults.in_container(context.projects[path].answering, faults.CRASH_LOOP))

    def liveness_loop(context: DrillContext) -> TaskAnswer:
        return deliver(context, faults.in_container(context.projects[path].answering, faults.LIVENESS_LOOP))

    def never_ready(context: DrillContext) -> TaskAnswer:
        edit = faults.in_container(context.projects[path].answering, faults.NEVER_READY)
        return deliver(context, edit, **SHORT)

    def backend_away(context: DrillContext) -> TaskAnswer:
        return deliver(context, faults.without_pods(context.projects[path].needed), **SHORT)

    bad = Expected.verdict
    return (
        Drill("missing-image", path, bad(reasons.IMAGE_NOT_FOUND, 60), missing_image, lacks_deployment),
        Drill("crash-loop", path, bad(reasons.CRASH_LOOP, 60), crash_loop, lacks_shell),
        Drill("liveness-loop", path, bad(reasons.CRASH_LOOP, 120), liveness_loop, lacks_deployment),
        Drill("never-ready", path, bad(reasons.NEVER_READY, 60), never_ready, lacks_deployment),
        Drill("backend-away", path, bad(reasons.NEVER_READY, 60), backend_away, lacks_backend),
        Drill("registry-401", path, bad(reasons.IMAGE_PULL_DENIED, 60), denied_image, lacks_deployment),
    )


def stateful_drill(path: str, deliver: Deliver) -> Drill:
    """A pod of a StatefulSet that its controller would wait for without end."""

    def stuck(context: DrillContext) -> TaskAnswer:
        edit = faults.in_container(context.projects[path].stateful, faults.NEVER_READY)
        return deliver(context, edit, **SHORT)

    return Drill("stateful-stuck", path, Expected.verdict(reasons.NEVER_READY, 60), stuck, lacks_stateful_set)


def lacks_overlay(project: DrilledProject) -> str:
    return "" if project.can_be_patched else _NOT_PATCHED


def lacks_deployment(project: DrilledProject) -> str:
    if not project.answering:
        return "the project has no Deployment"
    return lacks_overlay(project)


def lacks_shell(project: DrilledProject) -> str:
    return lacks_deployment(project) or ("" if project.has_shell else "the image that answers has no shell")


def lacks_own_image(project: DrilledProject) -> str:
    none = "the container that answers runs none of the project's own images"
    return lacks_shell(project) or ("" if project.image else none)


def lacks_stateful_set(project: DrilledProject) -> str:
    if not project.stateful:
        return "the project has no StatefulSet"
    return lacks_overlay(project)


def lacks_backend(project: DrilledProject) -> str:
    if not project.needed:
        return "rehearsal.away names no StatefulSet of the project's"
    return lacks_overlay(project)
