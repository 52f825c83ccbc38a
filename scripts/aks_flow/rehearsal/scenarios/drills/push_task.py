"""The task that the drills of the push path deliver with."""

from collections.abc import Iterator
from contextlib import contextmanager

from aks_flow.rehearsal.scenarios.drills.context import DrillContext
from aks_flow.rehearsal.scenarios.drills.drill import PUSH, TaskAnswer


def push_words(context: DrillContext) -> tuple[str, ...]:
    return "push", "--env", context.environment(PUSH)


def push(context: DrillContext, **settings: str) -> TaskAnswer:
    return context.tasks.inv(*push_words(context), **settings)


@contextmanager
def delivered_again(context: DrillContext) -> Iterator[None]:
    """After the block, which took its change back, the version without it is delivered."""
    yield
    context.tasks.need(push(context))
