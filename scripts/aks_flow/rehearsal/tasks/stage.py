"""Where a run is told: in the terminal, and on a page if that is asked for."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aks_flow import report
from aks_flow.core.config import Config
from aks_flow.core.steps import Steps
from aks_flow.rehearsal.show import live
from aks_flow.rehearsal.show.recording import StepRecorder
from aks_flow.rehearsal.standins import turns

Announce = Callable[[str], None]


@dataclass(frozen=True)
class Stage:
    """conclude: the terminal's alone, for the last words. page: None unless the run is shown on one."""

    conclude: Announce
    steps: Steps
    page: StepRecorder | None = None

    def announce(self, title: str) -> None:
        """The title of a part, to the terminal and the page."""
        if self.page:
            self.page.part(title)
        self.conclude(title)


@contextmanager
def staged(config: Config, scenario: str, show: bool, as_json: bool, jobs: bool = False) -> Iterator[Stage]:
    """This run's turn, its steps told in the terminal and, if it is to ``show``, on a page too.

    scenario, jobs: as of `live.shown`.
    """
    tell = _silent if as_json else report.heading
    with turns.turn(config, report.note):
        if not show:
            yield Stage(tell, report.steps(as_json))
            return
        with live.shown(config, scenario, report.note, jobs) as page:
            yield Stage(tell, report.steps(as_json, page), page)


def _silent(title: str) -> None:
    """With --json there is one document, at the end."""
