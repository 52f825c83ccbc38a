"""A repository of its own for every test, without this machine's git settings and not run by a workflow."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from scripts import source
from scripts.runner import Local

_WHO = {f"GIT_{who}_{what}": "t@localhost" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@dataclass(frozen=True)
class Repository:
    path: Path

    def git(self, *words: object) -> str:
        argv = ["git", "-C", str(self.path), *map(str, words)]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, file: str = "", text: str = "", message: str = "Change something") -> str:
        """A commit, of a file if one is given; its hash."""
        if file:
            (self.path / file).write_text(text)
            self.git("add", file)
        self.git("commit", "--quiet", "--allow-empty", "-m", message)
        return self.git("rev-parse", "HEAD")

    def merge(self, branch: str) -> None:
        self.git("merge", "--quiet", "--no-ff", "-m", f"Merge {branch}", branch)

    def clone(self, name: str, *flags: str) -> "Repository":
        target = self.path.parent / name
        self.git("clone", "--quiet", *flags, f"file://{self.path}", target)
        return Repository(target)

    def version(self) -> str:
        return str(source.read(Local(), self.path).version)

    def branches(self) -> set[str]:
        return set(self.git("branch", "--format=%(refname:short)").split())


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    for name in [name for name in os.environ if name.startswith("GITHUB_")]:
        monkeypatch.delenv(name)
    settings = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **_WHO}
    for name, value in settings.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def repo(tmp_path) -> Repository:
    """v1.4.0 on main, and develop checked out two commits further on."""
    made = Repository(tmp_path / "a repo; with $(id)")
    made.path.mkdir()
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit("file", "one\n", "First")
    made.git("tag", "-a", "-m", "1.4.0", "v1.4.0")
    made.git("checkout", "--quiet", "-b", "develop")
    made.commit("app", "one\n", "feat: begin the app")
    made.commit("docs", "one\n", "docs: begin the docs")
    return made
