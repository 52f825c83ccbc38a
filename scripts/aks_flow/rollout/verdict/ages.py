"""How long things have lasted: what one look alone cannot tell."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

SKEW = 5  # seconds that the cluster's clock may be ahead of this one


@dataclass(frozen=True)
class Ages:
    """How long each mark has been there without a break, in seconds.

    overdue: the deadline has passed. proven: an earlier run has seen these containers stay up.
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    overdue: bool = False
    proven: bool = False

    def of(self, mark: str) -> float:
        return self.seconds.get(mark, 0)


class Stopwatch:
    """Notes when each mark was first seen, and forgets it when it is gone."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, today: Callable[[], float] = time.time):
        self._clock, self._today = clock, today
        self._since: dict[str, float] = {}

    def look(self, marks: Mapping[str, str], overdue: bool = False) -> Ages:
        """``marks``: each with the moment that the cluster gives for its beginning (RFC 3339), or ""."""
        now = self._clock()
        self._since = {mark: self._since.get(mark, now) for mark in marks}
        by_cluster = {mark: self._today() - SKEW - _seconds(begun) for mark, begun in marks.items() if begun}
        lasted = {mark: max(now - since, by_cluster.get(mark, 0)) for mark, since in self._since.items()}
        return Ages(lasted, overdue)


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()
