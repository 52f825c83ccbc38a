"""A GitHub of the rehearsal's kind, bare and still: nothing carries its runs out."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.github.github_process import make_repository
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.receive import parse, receive
from tests.unit.gitflow.conftest import alone  # noqa: F401
from tests.unit.gitflow.repository import Quick, Repository

CI = """\
on:
  push:
    branches: [develop, feature/**]
  pull_request:
    branches: [develop]
jobs:
  check: {runs-on: ubuntu-latest, steps: [{run: ./inv lint}]}
"""
FILE = ".github/workflows/ci.yml"


@dataclass
class Remote:
    """hub: the stand-in. work: a clone that pushes to it."""

    hub: Hub
    work: Repository

    def push(self, *references: str, inside_run: bool = False) -> list[str]:
        """Push, and hand the stand-in what git hands to the hook."""
        before = self._refs()
        self.work.git("push", "--quiet", "--force", "origin", *references)
        after, zero = self._refs(), "0" * 40
        lines = [
            f"{before.get(ref, zero)} {after.get(ref, zero)} {ref}"
            for ref in sorted(before | after)
            if before.get(ref) != after.get(ref)
        ]
        return receive(self.hub, parse(lines), inside_run)

    def _refs(self) -> dict[str, str]:
        listed = Repository(self.hub.repository).git("for-each-ref", "--format=%(refname) %(objectname)")
        commits = dict(line.split() for line in listed.splitlines())
        return {ref: commit for ref, commit in commits.items() if not ref.startswith("refs/pull/")}

    def workflow(self, text: str, file: str = FILE) -> str:
        (self.work.path / file).parent.mkdir(parents=True, exist_ok=True)
        return self.work.commit(file, text, f"Change {file}")


@pytest.fixture
def remote(tmp_path: Path) -> Remote:
    """main with one commit; the workflow file is committed on develop, which is checked out."""
    hub = Hub(Quick(), tmp_path / "origin.git", tmp_path / "github")
    hub.state.mkdir()
    make_repository(hub.run, hub.repository)
    work = Repository(tmp_path / "work")
    work.path.mkdir()
    work.git("init", "--quiet", "--initial-branch=main")
    work.git("remote", "add", "origin", hub.repository)
    work.commit("file", "one\n", "First")
    made = Remote(hub, work)
    made.push("main")
    work.git("checkout", "--quiet", "-b", "develop")
    made.workflow(CI)
    return made
