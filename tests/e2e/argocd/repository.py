"""A branch of a git repository that a test writes and Argo CD reads."""

import subprocess
from dataclasses import dataclass
from pathlib import Path

_IDENTITY = ("-c", "user.name=e2e", "-c", "user.email=e2e@localhost", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class Branch:
    """``url``: the repository. ``folder``: a work tree of the test's own."""

    url: str
    name: str
    folder: Path

    def start(self) -> None:
        self.folder.mkdir()
        self._git("init", "--quiet", f"--initial-branch={self.name}")
        self._git("remote", "add", "origin", self.url)

    def commit(self, files: dict[str, str], remove: tuple[str, ...] = ()) -> str:
        """Write and remove files, commit, push; the commit's hash."""
        for name, text in files.items():
            file = self.folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        for name in remove:
            (self.folder / name).unlink()
        self._git("add", "--all", ".")
        self._git("commit", "--quiet", "-m", f"Change {', '.join([*files, *remove])}")
        self._git("push", "--quiet", "origin", self.name)
        return self._git("rev-parse", "HEAD")

    def tag(self) -> str:
        """An annotated tag on the newest commit; its name."""
        self._git("tag", "--annotate", "--message=e2e", f"{self.name}-tag")
        self._git("push", "--quiet", "origin", f"{self.name}-tag")
        return f"{self.name}-tag"

    def delete(self) -> None:
        """The branch and its tag, if there is one."""
        self._git("push", "--quiet", "origin", "--delete", self.name, *self._git("tag", "--list").split())

    def _git(self, *words: str) -> str:
        argv = ["git", "-C", str(self.folder), *_IDENTITY, *words]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()
