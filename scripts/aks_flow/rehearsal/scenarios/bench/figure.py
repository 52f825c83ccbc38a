"""A figure as a value. Pure."""

import statistics
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured figure: the median of ``samples``, in ``unit``, and the bar that it must not exceed.

    A bar of None: for comparison only.
    """

    name: str
    unit: str
    bar: float | None
    samples: list[float]

    @property
    def median(self) -> float:
        return statistics.median(self.samples)

    @property
    def met(self) -> bool:
        return self.bar is None or self.median <= self.bar
