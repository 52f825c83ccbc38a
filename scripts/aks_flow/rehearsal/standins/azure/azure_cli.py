"""The Azure CLI in an environment of its own: the first need makes it, all clones of this machine share it.

It is pinned by requirements-azure.lock, 700 MB, and nothing else of the project imports from it.
"""

import fcntl
import hashlib
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner

LOCK = Path(__file__).resolve().parents[5] / "requirements-azure.lock"


def ensure(run: Runner, tell: Callable[[str], None]) -> Path:
    """The `az` program, installed if it is not there yet.

    Its folder holds nothing else, so that it may go on PATH. What is interrupted never counts as installed:
    the environment gets its name when it is complete.
    """
    place = folder()
    if not _complete(place):
        with _locked(place):
            if not _complete(place):  # another run may have made it meanwhile
                tell(f"installing azure-cli {version()} from PyPI, once for this machine, in {place}")
                _make(run, place)
    return program(place)


def folder() -> Path:
    """Where the environment is, or will be: one for each lock and Python."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    key = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:8]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return cache / "aks-flow" / f"azure-cli-{version()}-python{python}-{key}"


def version() -> str:
    return re.search(r"^azure-cli==(\S+)", LOCK.read_text(), re.MULTILINE)[1]


def program(place: Path) -> Path:
    return place / "path" / "az"


def _complete(place: Path) -> bool:
    """True if it is there, and so is the Python that it was made with."""
    return program(place).is_file() and (place / "bin" / "python").is_file()


def _make(run: Runner, place: Path) -> None:
    for left in place.parent.glob(f"{place.name}.new-*"):  # by a run that was killed
        shutil.rmtree(left, ignore_errors=True)
    draft = place.with_name(f"{place.name}.new-{os.getpid()}")
    try:
        for step in _steps(draft):
            run.run(step)
    except CommandFailed as error:
        shutil.rmtree(draft, ignore_errors=True)
        step = (
            "Check the network and the disk's free space (1 GB is needed); then run the same command again."
        )
        raise AksFlowError(f"azure-cli cannot be installed: {error.what}\n", next_step=step) from error
    (draft / "path").mkdir()
    program(draft).symlink_to(Path("..", "bin", "az"))
    shutil.rmtree(place, ignore_errors=True)
    draft.rename(place)


def _steps(draft: Path) -> tuple[Command, ...]:
    uv, python = Path(sys.executable).with_name("uv"), draft / "bin" / "python"
    return (
        command(uv, "venv", "--quiet", "--relocatable", "--python", sys.executable, draft),
        command(
            *(uv, "pip", "sync", "--quiet", "--require-hashes", "--compile-bytecode"),
            *("--python", python, LOCK),
        ),
    )


@contextmanager
def _locked(place: Path) -> Iterator[None]:
    """One installation at a time on this machine; the kernel frees the lock of a killed process."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / "azure-cli.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
