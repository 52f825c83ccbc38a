"""`bench`: measures the figures and shows them beside their limits."""

import platform

from aks_flow import report
from aks_flow.cli.context import TaskContext
from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.scenarios import bench, prepare
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.standins import turns
from aks_flow.rehearsal.tasks import settings

RUNS = 5
COLUMNS = ["figure", "median", "least", "most", "limit", "met"]


def bench_task(task: TaskContext, json: bool) -> None:
    """Measure everything, show a table and JSON; AksFlowError if a limit is missed that is not of seconds.

    Seconds are those of this machine, and of what else it does.
    """
    config = settings.config(task)
    with turns.turn(config, report.note):
        context = prepare.stand_ins(config, Steps(Silent()), report.note)
        measured = [_told(figure) for figure in bench.measure(context, RUNS)]
    if not json:
        title = f"medians of {RUNS} runs on {platform.machine()}"
        report.table(title, COLUMNS, [_row(figure) for figure in measured])
    rows = [vars(figure) | {"median": figure.median, "met": figure.met} for figure in measured]
    report.document({"runs": RUNS, "figures": rows})
    missed = [figure.name for figure in measured if not (figure.met or figure.unit == "s")]
    if missed:
        step = "Run it again with nothing else running. If a limit is missed again, look for its cause."
        raise AksFlowError(f"figures that miss their limit: {', '.join(missed)}", next_step=step)


def _told(figure: Figure) -> Figure:
    """The figure, told as soon as it is measured: all of them take twenty minutes."""
    report.note(f"{figure.name}: {figure.median:.3g} {figure.unit}")
    return figure


def _row(figure: Figure) -> list[str]:
    bar = ["", ""] if figure.bar is None else [f"{figure.bar:g}", "yes" if figure.met else "NO"]
    span = [f"{value:.3g}" for value in (min(figure.samples), max(figure.samples))]
    return [figure.name, f"{figure.median:.3g} {figure.unit}", *span, *bar]
