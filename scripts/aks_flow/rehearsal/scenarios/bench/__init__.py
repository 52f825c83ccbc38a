"""`./inv bench`: what the README claims, measured; medians of at least five runs."""

import platform
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from aks_flow import report
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.scenarios.bench import commands, delivery, standin, verdicts

LEAST_RUNS = 5


@dataclass(frozen=True)
class Figure:
    """One measured figure: the median of ``samples``, in ``unit``, and the bar it must not exceed.

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
    def good(self) -> bool:
        return self.bar is None or self.median <= self.bar


MEASURES: tuple[Callable, ...] = (
    commands.listing,
    standin.ready_and_memory,
    delivery.changes_and_no_op,
    verdicts.times,
)


def _met(one: Figure) -> tuple[str, str]:
    return ("", "") if one.bar is None else (f"{one.bar:g}", "yes" if one.good else "NO")


def run(config: Config, runs: int, as_json: bool) -> None:
    """Measure everything, show a table and JSON; AksFlowError if a bar is missed."""
    if runs < LEAST_RUNS:
        raise AksFlowError(
            f"{runs} runs give no median to trust", next_step=f"Use --runs {LEAST_RUNS} or more."
        )
    figures = [Figure(*row) for measure in MEASURES for row in measure(config, runs)]
    if not as_json:
        rows = [[one.name, f"{one.median:.3g} {one.unit}", *_met(one)] for one in figures]
        report.table(
            f"medians of {runs} runs on {platform.machine()}", ["figure", "median", "bar", "met"], rows
        )
    report.document(
        {"runs": runs, "figures": [vars(one) | {"median": one.median, "met": one.good} for one in figures]}
    )
    missed = [one.name for one in figures if not one.good]
    if missed:
        step = "Run it again with nothing else running; a bar missed twice is a change to look for."
        raise AksFlowError(f"bars missed: {', '.join(missed)}", next_step=step)
