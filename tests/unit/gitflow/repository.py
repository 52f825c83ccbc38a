"""A real repository and a runner for it, both made for tests."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed
from aks_flow.gitflow import source


class Quick:
    """A runner without the real one's threads: a test asks git some hundred times."""

    def run(self, command: Command) -> Result:
        environment = {**os.environ, **command.env}
        stdin = command.stdin.encode() if isinstance(command.stdin, str) else command.stdin or b""
        ran = subprocess.run(command.argv, capture_output=True, env=environment, input=stdin)
        result = Result(ran.returncode, ran.stdout, ran.stderr)
        if result.code not in command.ok:
            raise CommandFailed(command, result)
        return result


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
        return str(source.read(Quick(), self.path, {}).version)

    def branches(self) -> set[str]:
        return set(self.git("branch", "--format=%(refname:short)").split())
