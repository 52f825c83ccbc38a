"""A clone of this repository whose tasks are run as a person runs them."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.kubectl import Answer
from tests.e2e.standin import REPOSITORY

IDENTITY = ("-c", "user.name=e2e", "-c", "user.email=e2e@localhost", "-c", "commit.gpgsign=false")


@dataclass(frozen=True)
class Project:
    """A repository and the environment its tasks run with."""

    repo: Path
    settings: dict[str, str] = field(default_factory=dict)

    def inv(self, *words: str, **settings: str) -> Answer:
        """Run tasks; the exit code and both outputs."""
        process = self.start(*words, **settings)
        stdout, stderr = process.communicate(timeout=600)
        return Answer(process.returncode, stdout, stderr)

    def start(self, *words: str, **settings: str) -> subprocess.Popen:
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.Popen(
            [sys.executable, "-m", "invoke", *words],
            cwd=self.repo,
            env={**os.environ, "PATH": path, **self.settings, **settings},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def document(self, *words: str) -> dict:
        answer = self.inv(*words, "--json")
        assert answer.exit == 0, answer.stdout + answer.stderr
        return json.loads(answer.stdout)

    def git(self, *words: str) -> str:
        argv = ["git", "-C", str(self.repo), *IDENTITY, *words]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, file: str, text: str) -> None:
        (self.repo / file).write_text(text)
        self.git("add", "--", file)
        self.git("commit", "--quiet", "-m", f"Change {file}")

    def go_on_from(self, commit: str) -> None:
        """A new commit with an earlier one's files: what was delivered meanwhile is older than that."""
        self.git("read-tree", "--reset", "-u", commit)
        self.git("commit", "--quiet", "--allow-empty", "-m", f"Go on from {commit}")

    def read(self, file: str) -> str:
        return (self.repo / file).read_text()


def clone(target: Path, settings: dict[str, str]) -> Project:
    """A clone of this repository's HEAD, on develop."""
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", REPOSITORY, target], check=True)
    project = Project(target, settings)
    project.git("checkout", "--quiet", "-B", "develop")
    return project
