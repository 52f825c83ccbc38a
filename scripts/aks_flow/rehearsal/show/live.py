"""A run that is shown: its server starts before it and ends after it, with a report."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.command import command
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.show import recording, server
from aks_flow.rehearsal.show.recording import StepRecorder
from aks_flow.rehearsal.standins import turns
from aks_flow.rehearsal.standins.process.processes import SOURCES, Process

_SERVER = "aks_flow.rehearsal.show.server"
_STARTS_WITHIN, _REPORTS_WITHIN = 20, 20  # seconds
_OPENERS = ("xdg-open", "wslview")


@contextmanager
def shown(
    config: Config, scenario: str, tell: Callable[[str], None], jobs: bool = False
) -> Iterator[StepRecorder]:
    """What the block's steps are told to stands on a page, whose address is told, and then in a report.

    scenario: in a few words. tell: hears the page's address and the report's place. jobs: whether workflows
    deliver.
    """
    events, process = recording.file(config), Process("show", recording.folder(config))
    _begin(config, scenario=scenario, jobs=jobs)
    words = ("-m", _SERVER, recording.folder(config), os.getpid())
    process.start(Local(), command(sys.executable, *words, cwd=SOURCES))
    address = recording.folder(config) / server.ADDRESS
    process.ready(address.is_file, "the page", _STARTS_WITHIN)
    url = address.read_text()
    tell(f"the page: {url}")
    _open(url, os.environ)
    try:
        yield StepRecorder(events)
    except BaseException as error:
        _end(process, config, "stopped" if isinstance(error, KeyboardInterrupt) else "failed", _words(error))
        raise
    else:
        _end(process, config, "done", "done")
    finally:
        events.unlink(missing_ok=True)
        tell(f"the report: {config.state / server.HTML}, and its data: {config.state / server.JSON}")


def _begin(config: Config, **facts: object) -> None:
    """Nothing is left of an earlier run's page."""
    turns.make_state(config)
    folder = recording.folder(config)
    folder.mkdir(exist_ok=True)
    for name in (server.ADDRESS, recording.EVENTS):
        (folder / name).unlink(missing_ok=True)
    recording.append(recording.file(config), "begin", project=config.app.name, **facts)


def _end(process: Process, config: Config, outcome: str, text: str) -> None:
    """The last event; the server makes the report of it and ends."""
    recording.append(recording.file(config), "end", outcome=outcome, text=text)
    address = recording.folder(config) / server.ADDRESS
    wait.within(lambda: not address.exists() or not process.pid(), _REPORTS_WITHIN, pause=0.05)


def _words(error: BaseException) -> str:
    return "stopped" if isinstance(error, KeyboardInterrupt) else " ".join(str(error).split())[:300]


def _open(url: str, variables: Mapping[str, str]) -> None:
    """In the person's browser, where there is a screen; elsewhere the address was told."""
    opener = next(filter(None, map(shutil.which, _OPENERS)), None)
    if opener and not variables.get("CI") and (variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY")):
        Local().start(command(opener, url), Path(os.devnull))
