"""A repository of its own for every test, without this machine's git settings and not run by a workflow."""

import os

import pytest

from tests.unit.gitflow.repository import Repository

_WHO = {f"GIT_{who}_{what}": "t@localhost" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


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
