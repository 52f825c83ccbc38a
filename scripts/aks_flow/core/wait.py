"""Waiting: on a condition, with a deadline."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from aks_flow.core import trace
from aks_flow.core.errors import AksFlowError

T = TypeVar("T")


class DeadlineError(AksFlowError):
    """A condition did not come true in time."""


def until(
    condition: Callable[[], T],
    what: str,
    seconds: float,
    pause: float = 0.1,
    next_step: str = "Run the same command again.",
) -> T:
    """The first true answer of ``condition``; DeadlineError naming ``what`` after ``seconds``."""
    with trace.span(what, trace.WAIT):
        answer = within(condition, seconds, pause)
    if not answer:
        raise DeadlineError(f"{what} did not happen within {seconds:g} s", next_step=next_step)
    return answer


def within(condition: Callable[[], T], seconds: float, pause: float = 0.1) -> T:
    """The first true answer of ``condition``, or its last one after ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        answer = condition()
        left = deadline - time.monotonic()
        if answer or left <= 0:
            return answer
        threading.Event().wait(min(pause, left))
