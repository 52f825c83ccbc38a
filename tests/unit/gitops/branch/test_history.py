"""The branch's commits read at once are, environment by environment, those that git tells one by one."""

import os
import subprocess
from pathlib import Path

import pytest

from aks_flow.core.runner import Local
from aks_flow.gitops.branch import history
from aks_flow.gitops.branch.branch import Branch, Tip

WHO = {f"GIT_{who}_{what}": "t@localhost" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
ENVIRONMENTS = ("dev", "staging", "production", "de")
# What each commit writes; None takes a file away.
COMMITS = (
    {"dev/base/front.yaml": "1", "staging/hold.yaml": "an outage", "README.md": "1"},
    {"staging/base/front.yaml": "1", "dev/hold.yaml": "2"},
    {'dev/base/façade "it\'s".yaml': "1"},
    {"dev/hold.yaml": None},
    {"development/front.yaml": "1"},
    {"dev/base/hold.yaml": "1"},
    {"production/front.yaml": "1"},  # as staging's
    {"dev/base/front.yaml": None},
    {},
)


@pytest.fixture
def repo(tmp_path, monkeypatch) -> Path:
    for name, value in {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, **WHO}.items():
        monkeypatch.setenv(name, value)
    git(tmp_path, "init", "--quiet", "--initial-branch=gitops")
    for number, files in enumerate(COMMITS):
        for name, text in files.items():
            write(tmp_path / name, text)
        commit(tmp_path, f"Deliver {number}\n\nSource-Commit: {number:040}\nImage: host/front:1.{number}.0")
    return tmp_path


def git(repo: Path, *words: str) -> str:
    return subprocess.run(["git", "-C", repo, *words], check=True, capture_output=True, text=True).stdout


def write(path: Path, text: str | None) -> None:
    if text is None:
        return path.unlink()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return None


def commit(repo: Path, message: str) -> None:
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--allow-empty", "-m", message)


def merge(repo: Path) -> None:
    """A merge of a side that wrote to staging."""
    git(repo, "checkout", "--quiet", "-b", "side", "HEAD~4")
    write(repo / "staging/base/front.yaml", "2")
    commit(repo, "On the side")
    git(repo, "checkout", "--quiet", "gitops")
    git(repo, "merge", "--quiet", "--no-ff", "-m", "Merge the side", "side")


@pytest.mark.parametrize("setting", ["core.quotePath=false", "log.showRoot=false", "diff.renames=copies"])
def test_all_environments_at_once_are_as_each_alone(repo, setting):
    git(repo, "config", *setting.split("="))
    merge(repo)
    branch = Branch(Local(), repo, "origin", "gitops", ("front",), {})
    tip = Tip(git(repo, "rev-parse", "HEAD").strip(), {})
    line = history.line(branch, tip)
    assert line.hashes == git(repo, "rev-list", "--first-parent", "HEAD").split()
    alone = {name: history.history(branch, tip, name) for name in ENVIRONMENTS}
    assert {name: line.history(name) for name in ENVIRONMENTS} == alone
    assert [len(alone[name]) for name in ENVIRONMENTS] == [4, 2, 1, 0]
    assert alone["dev"][0].image == "host/front:1.7.0"
