"""Steps as they happen: on a terminal a spinner and colours, elsewhere plain lines."""

import time

from aks_flow.core.steps import Listener, Silent, Step, Steps, Together
from aks_flow.report import foreign
from aks_flow.report.console import console, is_watched
from aks_flow.report.text import say


def steps(as_json: bool = False, *beside: Listener) -> Steps:
    """Steps that tell whoever reads this run, and others ``beside``."""
    reader = Silent() if as_json else Live() if is_watched() else Plain()
    return Steps(Together(reader, *beside))


class Plain(Listener):
    """A line for each step when it has ended, and for what a long one waits for."""

    def progress(self, step: Step) -> None:
        say(f"{'...':6} {step.name:<12} {time.time() - step.started:6.2f} s  {step.note}".rstrip())

    def end(self, step: Step, failed: bool) -> None:
        say(f"{'failed' if failed else 'ok':6} {step.name:<12} {step.seconds:6.2f} s  {step.note}".rstrip())


class Live:
    """A spinner while a step runs, a line when it has ended."""

    def __init__(self):
        self._console, self._status = console(), None

    def begin(self, step: Step) -> None:
        self._status = self._console.status(step.name)
        self._status.start()

    def progress(self, step: Step) -> None:
        from rich.text import Text

        self._status.update(Text(foreign.shown(f"{step.name}: {step.note}")))

    def end(self, step: Step, failed: bool) -> None:
        self._status.stop()
        mark = "[red]✗[/]" if failed else "[green]✓[/]"
        self._console.print(f"{mark} [bold]{step.name:<12}[/] [dim]{step.seconds:6.2f} s[/]  ", end="")
        self._console.print(foreign.shown(step.note), markup=False)
