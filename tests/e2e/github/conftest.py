"""A GitHub of the rehearsal's kind that carries runs out with the real act; no cluster, no engine."""

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from aks_flow.core import wait
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.github import github_process
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.runs import ENDED, Run
from tests.e2e.project import Project
from tests.e2e.standin import configuration


@dataclass(frozen=True)
class Remote:
    """hub: the stand-in, running. work: a clone that pushes to it."""

    hub: Hub
    work: Project

    def push(self, *references: str) -> str:
        """What the person who pushes reads."""
        argv = ["git", "-C", self.work.repo, "push", "--force", "origin", *references]
        return subprocess.run(argv, check=True, capture_output=True, text=True).stderr

    def workflow(self, script: str, name: str = "w") -> None:
        """A workflow of one job that checks out and runs one step, for every branch.

        A workflow that does not name ./inv is not run.
        """
        folder = self.work.repo / ".github" / "workflows"
        folder.mkdir(parents=True, exist_ok=True)
        steps = f"    steps:\n      - uses: actions/checkout@v6\n      - run: |\n          {script}\n"
        text = f"run-name: for ./inv\non: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n{steps}"
        self.work.commit(f".github/workflows/{name}.yml", text)

    def ended(self, number: int) -> Run:
        def over() -> Run | None:
            run = self.hub.runs.get(number)
            return run if run.state in ENDED else None

        return wait.until(over, f"the end of run {number}", 30)


@pytest.fixture
def remote(tmp_path: Path) -> Iterator[Remote]:
    """An empty repository, and a clone on main whose path has a space."""
    settings = configuration(tmp_path)
    settings.state.mkdir()
    github_process.ensure(Local(), settings)
    work = tmp_path / "a clone"
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", work], check=True)
    made = Remote(github_process.hub(Local(), settings), Project(work))
    made.work.git("remote", "add", "origin", str(made.hub.repository))
    yield made
    github_process.stop(settings)
