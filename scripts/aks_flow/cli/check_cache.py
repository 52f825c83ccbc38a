"""What has passed on this machine is not checked again while what it reads stays the same.

A build system's test cache in small: a check and the git trees of everything it reads give a key; a file of
that name in the folder named by AKSFLOW_PASSED says that it passed. Without the variable nothing is kept.
"""

import hashlib
import os
import platform
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.runner import Runner
from aks_flow.tools.git import objects, worktree

VARIABLE = "AKSFLOW_PASSED"


@dataclass(frozen=True)
class Passed:
    """folder: None if nothing is kept. entries: the committed tree's, by name; none of a dirty work tree."""

    folder: Path | None
    entries: dict[str, str]

    def but(self, *names: str) -> set[str]:
        """All entries but these: for a check that knows nothing of them."""
        return self.entries.keys() - set(names)

    def held(self, check: str, reads: Iterable[str]) -> bool:
        """Whether the check passed with these top-level entries as they are."""
        file = self._file(check, reads)
        return bool(file and file.is_file())

    def note(self, check: str, reads: Iterable[str]) -> None:
        """It passed."""
        if file := self._file(check, reads):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()

    def _file(self, check: str, reads: Iterable[str]) -> Path | None:
        if not (self.folder and self.entries):
            return None
        parts = [
            check,
            platform.python_version(),
            *(f"{name} {self.entries.get(name)}" for name in sorted(reads)),
        ]
        return self.folder / hashlib.sha256("\n".join(parts).encode()).hexdigest()


def open_passed(run: Runner, root: Path) -> Passed:
    """For the repository at ``root``, in the folder that the environment names."""
    folder = os.environ.get(VARIABLE)
    if not folder or worktree.parse_status(run.run(worktree.status(root)).text).dirty:
        return Passed(None, {})
    entries = objects.parse_entries(run.run(objects.entries(root, "HEAD")).text)
    return Passed(Path(folder), {name: entry.hash for name, entry in entries.items()})
