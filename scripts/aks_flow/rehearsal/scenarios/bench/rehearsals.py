"""What a rehearsal takes beside the four deliveries that it is made of; its stand-ins run already."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

from aks_flow.core.steps import Silent, Step, Steps
from aks_flow.rehearsal.scenarios import prepare
from aks_flow.rehearsal.scenarios.bench.clock import seconds
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.scenarios.bench.pairs import MeasuredPair
from aks_flow.rehearsal.scenarios.push_and_pull import both_paths
from aks_flow.target.delivery import DeliveryContext

_MOST = 1.25
_BEFORE, _AFTER = ("objects", "commit"), ("seen",)  # the rehearsal's own steps around a delivery


def measure(context: DeliveryContext, runs: int) -> list[Figure]:
    """The ratio, and both sides in seconds. The start of Python is on neither side."""
    pair = MeasuredPair("rehearse, all of it there already", _MOST, "its four deliveries")
    for _ in range(runs):
        played = _Played(context)
        pair.tasks.append(seconds(played.play))
        pair.hands.append(played.deliveries)
    return pair.figures


@dataclass(frozen=True)
class RehearsalPart:
    """A delivery with what the rehearsal does around it. began, ended: in seconds since the epoch."""

    began: float
    ended: float
    steps: Sequence[Step]

    @property
    def delivery(self) -> float:
        """The seconds of the delivery alone."""
        own = [step for step in self.steps if self.began <= step.started < self.ended]
        before = [step.started + (step.seconds or 0) for step in own if step.name in _BEFORE]
        after = [step.started for step in own if step.name in _AFTER]
        return min(after, default=self.ended) - max(before, default=self.began)


class _Played:
    """A rehearsal, and what of its time was spent in deliveries."""

    def __init__(self, context: DeliveryContext):
        self._context = replace(context, steps=Steps(Silent()))
        self._began: list[float] = []

    def play(self) -> None:
        prepare.stand_ins(self._context.config, self._context.steps, lambda text: None)
        both_paths.play(self._context, lambda title: self._began.append(time.time()))
        self._ended = time.time()

    @property
    def deliveries(self) -> float:
        """Their seconds together. Each part begins with its announcement, and has one delivery."""
        ends = [*self._began[1:], self._ended]
        parts = [
            RehearsalPart(*times, self._context.steps.done) for times in zip(self._began, ends, strict=True)
        ]
        return sum(part.delivery for part in parts)
