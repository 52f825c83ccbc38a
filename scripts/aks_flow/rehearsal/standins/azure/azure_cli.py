"""The Azure CLI in an environment of its own, made on first use and shared by all clones on this machine.

It is pinned by a lock of its own, 700 MB, and nothing else of the project imports from it.
"""

import hashlib
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aks_flow.core import environment
from aks_flow.core.runner import Runner

LOCK = environment.CARRIED / "azure-cli.lock"


def ensure(run: Runner, tell: Callable[[str], None]) -> Path:
    """The `az` program, installed if it is not there yet.

    Its folder holds nothing else, so that it may go on PATH.
    """
    environment.bring(run, (LOCK,), folder(), tell)
    program = folder() / "path" / "az"
    program.parent.mkdir(exist_ok=True)
    with suppress(FileExistsError):
        program.symlink_to(Path("..", "bin", "az"))
    return program


def folder() -> Path:
    """Where the environment is, or will be: one for each lock and Python."""
    key = hashlib.sha256(LOCK.read_bytes()).hexdigest()[:8]
    python = f"{sys.version_info.major}.{sys.version_info.minor}"
    return environment.cache() / f"azure-cli-{version()}-python{python}-{key}"


def version() -> str:
    return re.search(r"^azure-cli==(\S+)", LOCK.read_text(), re.MULTILINE)[1]
