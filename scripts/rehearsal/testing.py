"""`./inv test`: what the tests need is brought, they run, and what was started for them is stopped."""

import shlex
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from scripts import report
from scripts.checks import show
from scripts.config import Config
from scripts.errors import AksFlowError
from scripts.rehearsal import debian, engine
from scripts.runner import Local

PROGRAMS = {  # program -> Debian package, and why the tests want it
    "docker-registry": ("docker-registry", "the OCI registry (distribution)"),
    "mmdebstrap": ("mmdebstrap", "mmdebstrap, which makes base images from packages"),
    "redis-server": ("redis-server", "Redis, for the app's own tests"),
}


def run(config: Config, only: str, arguments: str) -> None:
    """pytest over tests/ (or tests/`only`), its output shown as it comes; AksFlowError if it fails."""
    folder = config.root / "tests" / only
    if not folder.is_dir():
        raise AksFlowError(f"there are no tests named {only!r}", next_step="Use --only unit or --only e2e.")
    with _prepared(config, wanted=only != "unit"):
        show(config.root, sys.executable, "-m", "pytest", folder, *shlex.split(arguments))


@contextmanager
def _prepared(config: Config, wanted: bool) -> Iterator[None]:
    local = Local()
    started = wanted and not engine.is_here(local)
    if wanted:
        _bring(local, config)
    try:
        yield
    finally:
        if started:
            engine.stop_own(local, config.state)


def _bring(local: Local, config: Config) -> None:
    """What can be installed and started is; tests that still lack something are skipped, and say why."""
    try:
        engine.ensure(local, config.state, report.note)
        for program, (package, why) in PROGRAMS.items():
            if not shutil.which(program):
                debian.install(local, package, why, report.note)
    except AksFlowError as error:
        report.note(f"note: {error}")
