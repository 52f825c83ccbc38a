"""`./inv test`: what the tests need is brought, they run, and what was started for them is stopped."""

import os
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aks_flow import report
from aks_flow.cli.check_cache import open_cache
from aks_flow.cli.context import TaskContext
from aks_flow.cli.lint import show
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.docker import engine
from aks_flow.rehearsal.standins.programs import machine
from aks_flow.rehearsal.standins.programs.bring import bring, lacking, needed_by_rehearsal
from aks_flow.rehearsal.standins.programs.table import TESTS
from aks_flow.rehearsal.tasks import settings

PROCESSES = ("--numprocesses=auto", "--maxprocesses=4", "--no-loadscope-reorder")  # see tests/conftest.py
CHAOS = "AKSFLOW_CHAOS"  # what tests/e2e/chaos/scale.py reads


def chaos_task(task: TaskContext, args: str) -> None:
    """The tests of tests/e2e/chaos at their full length; AksFlowError if one fails."""
    os.environ[CHAOS] = "full"
    test_task(task, "e2e/chaos", args)


def test_task(task: TaskContext, only: str, args: str) -> None:
    """pytest over tests/ (or tests/`only`), its output shown as it comes; AksFlowError if it fails."""
    config = settings.config(task)
    folder = config.root / "tests" / only
    if not folder.is_dir():
        raise AksFlowError(f"there are no tests named {only!r}", next_step="Use --only unit or --only e2e.")
    with _prepared(config, needed=only != "unit"):
        if only == "unit" and not args:
            _unit(config.root, folder)
        else:
            _pytest(config.root, folder, *shlex.split(args))


def _unit(root: Path, folder: Path) -> None:
    """The unit tests, but for those that have passed with all that they read."""
    cache = open_cache(Local(), root)
    reads = {
        path: cache.all_but("app") if _is_ignorant(path) else cache.all_but()
        for path in sorted(folder.iterdir())
        if (path / "__init__.py").is_file() or path.name.startswith("test_")
    }
    due = [path for path in reads if not cache.has_passed(f"unit/{path.name}", reads[path])]
    for path in sorted(reads.keys() - due):
        report.say(f"{path.relative_to(root)}: unchanged, it passed with this tree")
    if due:
        _pytest(root, *due)
    for path in due:
        cache.remember(f"unit/{path.name}", reads[path])


def _is_ignorant(path: Path) -> bool:
    """A package of unit tests knows nothing of the app, but for the app's own."""
    return path.is_dir() and path.name != "app"


def _pytest(root: Path, *words: object) -> None:
    show(root, sys.executable, "-m", "pytest", *PROCESSES, *words)


@contextmanager
def _prepared(config: Config, needed: bool) -> Iterator[None]:
    local = Local()
    started = needed and not engine.is_here(local)
    if needed:
        _bring(local, config)
    try:
        yield
    finally:
        if started:
            engine.stop_own(local, config.state)


def _bring(local: Local, config: Config) -> None:
    """What can be installed and started is; tests that still lack something are skipped, and say why."""
    here = machine.here()
    programs = lacking((*needed_by_rehearsal(local), *TESTS), here)
    for step in (
        lambda: bring(local, programs, here, report.note),
        lambda: engine.ensure(local, config.state, report.note),
    ):
        try:
            step()
        except AksFlowError as error:
            report.note(f"note: {error}")
