"""Which queued runs start next: a branch's runs go one after another in the order of their pushes.

A tag's wait for those of main, as a group of both does that the workflow file names.
"""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.github.event import TAG
from aks_flow.rehearsal.standins.github.hub import DEFAULT_BRANCH
from aks_flow.rehearsal.standins.github.runs import QUEUED, RUNNING, Run


def next_up(runs: Iterable[Run], room: int) -> list[Run]:
    """The queued runs that may start now, at most ``room`` of them at a time with those that run."""
    busy, first = {}, {}
    for run in sorted(runs, key=lambda run: run.number):
        if run.state == RUNNING:
            busy[_queue(run)] = run
        elif run.state == QUEUED:
            first.setdefault(_queue(run), run)
    waiting = [run for branch, run in first.items() if branch not in busy]
    return waiting[: max(room - len(busy), 0)]


def _queue(run: Run) -> str:
    return DEFAULT_BRANCH if run.event.ref.startswith(TAG) else run.event.branch
