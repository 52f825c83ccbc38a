"""What the drills of the pull path deliver with, and how the environment becomes well again."""

from collections.abc import Iterator
from contextlib import contextmanager

from aks_flow.rehearsal.scenarios.drills import faults
from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import PULL, TaskAnswer


def deliver_words(context: DrillContext) -> tuple[str, ...]:
    return "gitops.deliver", context.environment(PULL)


def deliver(context: DrillContext) -> TaskAnswer:
    return context.tasks.inv(*deliver_words(context))


def wait(context: DrillContext, **settings: str) -> TaskAnswer:
    return context.tasks.inv("gitops.wait", context.environment(PULL), **settings)


def delivered(context: DrillContext, edit: faults.Edit, **settings: str) -> TaskAnswer:
    """What waiting for the commit says; afterwards the environment is well again."""
    with repaired(context), context.faulty_overlay(PULL, edit):
        context.publish()
        context.tasks.need(deliver(context))
        return wait(context, **settings)


@contextmanager
def repaired(context: DrillContext) -> Iterator[None]:
    """After the block the version without its change is delivered."""
    try:
        yield
    finally:
        repair(context)


def repair(context: DrillContext) -> TaskAnswer:
    """Deliver the commit that took the change back: a version of its own. What waiting for it says."""
    with context.release():
        context.publish()
        context.tasks.need(deliver(context))
        answer = wait(context)
        context.tasks.need(answer)
        return answer
