"""Which queued runs start next: a branch's runs go one after another in the order of their pushes."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.github.runs import QUEUED, RUNNING, Run


def next_up(runs: Iterable[Run], room: int) -> list[Run]:
    """The queued runs that may start now, at most ``room`` of them at a time with those that run."""
    busy, first = {}, {}
    for run in sorted(runs, key=lambda run: run.number):
        if run.state == RUNNING:
            busy[run.event.branch] = run
        elif run.state == QUEUED:
            first.setdefault(run.event.branch, run)
    waiting = [run for branch, run in first.items() if branch not in busy]
    return waiting[: max(room - len(busy), 0)]
