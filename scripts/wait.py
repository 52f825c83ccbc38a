"""Waiting: on a condition, with a deadline."""

import threading
import time
from collections.abc import Callable
from typing import TypeVar

from scripts.errors import AksFlowError

T = TypeVar("T")


class DeadlineError(AksFlowError):
    """A condition did not come true in time."""


def until(
    condition: Callable[[], T], what: str, seconds: float, pause: float = 0.1, next_step: str = ""
) -> T:
    """The first true answer of ``condition``; DeadlineError naming ``what`` after ``seconds``."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := condition():
            return answer
        left = deadline - time.monotonic()
        if left <= 0:
            raise DeadlineError(f"{what} did not happen within {seconds:g} s", next_step=next_step)
        threading.Event().wait(min(pause, left))
