"""What was seen of a cluster at one moment, and the time during which anything was."""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Snapshot:
    """items: the objects, as they were told last. answered: False while the server gives no answer."""

    items: list[dict]
    answered: bool = True


class AnsweredClock:
    """Seconds during which the server answered: nobody knows what was in the others."""

    def __init__(self, clock: Callable[[], float] = time.monotonic):
        self._clock, self._last, self._seconds = clock, clock(), 0.0

    def hear(self, answered: bool) -> None:
        """Count the time since the last call, or leave it out."""
        now = self._clock()
        if answered:
            self._seconds += now - self._last
        self._last = now

    def __call__(self) -> float:
        return self._seconds
