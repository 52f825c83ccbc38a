"""This repository's own tests: what they need is brought, they run, and what was started is stopped.

    env PYTHONPATH=scripts python -m dev.tests unit
    env PYTHONPATH=scripts python -m dev.tests e2e tests/e2e/gitops -k pin

Words behind the suite go to pytest; a path among them takes the place of the whole suite.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aks_flow import report
from aks_flow.cli.check_cache import open_cache
from aks_flow.cli.lint import show
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.docker import engine
from aks_flow.rehearsal.standins.programs import machine
from aks_flow.rehearsal.standins.programs.bring import bring, lacking, needed_by_rehearsal
from dev.programs import TESTS

ROOT = Path(__file__).resolve().parents[2]
STATE = ROOT / ".rehearsal"
_LEAST, _MOST = 3, 4  # processes: an end-to-end test mostly waits, so that two cores have room for three
# An end-to-end test runs on a machine that others share: what fails twice is a fault, and what fails once is
# shown before the summary. Where more tests than a few fail, it is no chance.
_TWICE = ("--reruns=1", "--max-suite-reruns=5", "--rerun-show-tracebacks")
_SLOWEST = ("--durations=25", "--durations-min=10")  # where the time goes that the whole takes


def run(suite: str, *words: str) -> None:
    """The tests of a folder of tests/, their output shown as it comes; AksFlowError if one fails."""
    folder = ROOT / "tests" / suite
    with prepared(STATE, needed=suite != "unit"):
        if suite == "unit" and not words:
            _unit(folder)
        else:
            named = any((ROOT / word.partition("::")[0]).exists() for word in words)
            again = () if suite == "unit" else _TWICE
            _pytest(*again, *([] if named else [folder]), *words)


def _unit(folder: Path) -> None:
    """The unit tests, but for those that have passed with all that they read."""
    cache = open_cache(Local(), ROOT)
    reads = {
        path: cache.all_but("app") if _is_ignorant(path) else cache.all_but()
        for path in sorted(folder.iterdir())
        if (path / "__init__.py").is_file() or path.name.startswith("test_")
    }
    due = [path for path in reads if not cache.has_passed(f"unit/{path.name}", reads[path])]
    for path in sorted(reads.keys() - due):
        report.say(f"{path.relative_to(ROOT)}: unchanged, it passed with this tree")
    if due:
        _pytest(*due)
    for path in due:
        cache.remember(f"unit/{path.name}", reads[path])


def _is_ignorant(path: Path) -> bool:
    """A package of unit tests knows nothing of the app, but for the app's own."""
    return path.is_dir() and path.name != "app"


def _pytest(*words: object) -> None:
    processes = min(max(os.cpu_count() or 1, _LEAST), _MOST)
    shared = (f"--numprocesses={processes}", "--no-loadscope-reorder")  # see tests/conftest.py
    show(ROOT, sys.executable, "-m", "pytest", *shared, *_SLOWEST, *words)


@contextmanager
def prepared(state: Path, needed: bool) -> Iterator[None]:
    """With what the tests start, if it is ``needed``; an engine of theirs is stopped again."""
    local = Local()
    started = needed and not engine.is_here(local)
    if needed:
        _bring(local, state)
    try:
        yield
    finally:
        if started:
            engine.stop_own(local, state)


def _bring(local: Local, state: Path) -> None:
    """What can be installed and started is; tests that still lack something are skipped, and say why."""
    here = machine.here()
    programs = lacking((*needed_by_rehearsal(local), *TESTS), here)
    for step in (
        lambda: bring(local, programs, here, report.note),
        lambda: engine.ensure(local, state, report.note),
    ):
        try:
            step()
        except AksFlowError as error:
            report.note(f"note: {error}")


def main(words: list[str]) -> int:
    """The exit code; what fails has said so."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run(*words)
    except AksFlowError as error:
        report.failure(error)
        return error.exit_code
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
