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
class CheckCache:
    """folder: None if nothing is kept. entries: the committed tree's, by name; none of a dirty work tree."""

    folder: Path | None
    entries: dict[str, str]

    def all_but(self, *names: str) -> set[str]:
        """All entries but these: what a check reads that knows nothing of them."""
        return self.entries.keys() - set(names)

    def has_passed(self, check: str, reads: Iterable[str]) -> bool:
        """Whether the check passed with these top-level entries as they are."""
        file = self._file(check, reads)
        return bool(file and file.is_file())

    def remember(self, check: str, reads: Iterable[str]) -> None:
        """Note that the check passed."""
        if file := self._file(check, reads):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()

    def _file(self, check: str, reads: Iterable[str]) -> Path | None:
        if not (self.folder and self.entries):
            return None
        trees = [f"{name} {self.entries.get(name)}" for name in sorted(reads)]
        key = "\n".join([check, platform.python_version(), *trees])
        return self.folder / hashlib.sha256(key.encode()).hexdigest()


def open_cache(run: Runner, root: Path) -> CheckCache:
    """For the repository at ``root``, in the folder that the environment names."""
    folder = os.environ.get(VARIABLE)
    if not folder or worktree.parse_status(run.run(worktree.status(root)).text).changed:
        return CheckCache(None, {})
    entries = objects.parse_entries(run.run(objects.entries(root, "HEAD")).text)
    return CheckCache(Path(folder), {name: entry.hash for name, entry in entries.items()})
