"""How long things have lasted: what one look alone cannot tell."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

SKEW = 5  # seconds that a node's clock may be behind the API server's


def _not_told(mark: str, seen: float) -> float:
    return 0


@dataclass(frozen=True)
class Ages:
    """How long each mark has been there without a break, in seconds.

    overdue: the deadline has passed. proven: an earlier run has seen these containers stay up. told: for how
    long by the cluster's own clock; that is asked for only where it can say more than what was seen.
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    overdue: bool = False
    proven: bool = False
    told: Callable[[str, float], float] = _not_told

    def of(self, mark: str) -> float:
        seen = self.seconds.get(mark, 0)
        return max(seen, self.told(mark, seen))


class Stopwatch:
    """Notes when each mark was first seen, and forgets it when it is gone."""

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        today: Callable[[], float | None] = lambda: None,
        here: Callable[[], float] = time.time,
    ):
        """today: the cluster's time, None if it does not tell. here: this machine's, which may be wrong."""
        self._clock, self._today, self._here = clock, today, here
        self._since: dict[str, float] = {}

    def look(self, marks: Mapping[str, str], overdue: bool = False) -> Ages:
        """``marks``: each with the moment that the cluster gives for its beginning (RFC 3339), or ""."""
        now = self._clock()
        self._since = {mark: self._since.get(mark, now) for mark in marks}
        lasted = {mark: now - since for mark, since in self._since.items()}
        return Ages(lasted, overdue, told=partial(self._told, dict(marks)))

    def _told(self, marks: Mapping[str, str], mark: str, seen: float) -> float:
        if not marks.get(mark):
            return 0
        begun = _seconds(marks[mark]) + SKEW
        if self._here() - begun <= seen:  # it is not worth a question
            return 0
        today = self._today()
        return today - begun if today is not None else 0


def _seconds(stamp: str) -> float:
    return datetime.fromisoformat(stamp).timestamp()
