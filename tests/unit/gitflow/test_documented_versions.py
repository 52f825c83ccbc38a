"""Every history of docs/versions.md, played in a real repository."""

import re
from pathlib import Path

import pytest

from tests.unit.conftest import ROOT
from tests.unit.gitflow.team import Team

PAGE = (ROOT / "docs/versions.md").read_text()
ROW = re.compile(r"^\| (?P<history>[^|]*)\| (?P<branch>\S+) \| (?P<version>\d\S+) \|$", re.MULTILINE)
ROWS = [(match["history"].strip(), match["branch"], match["version"]) for match in ROW.finditer(PAGE)]
REQUEST = "Merge pull request #7 from team/{}"


def start(folder: Path) -> Team:
    team = Team(folder)
    team.commit("main", subject="First")
    team.tag("v1.4.0", team.tips["main"])
    team.branch("develop", "main")
    return play(team, "develop 2")


def play(team: Team, deed: str) -> Team:
    """One deed, in the words that the page explains."""
    match deed.split():
        case ["tag", name, branch]:
            team.tag(name, team.tips[branch])
        case ["delete", branch]:
            team.delete(branch)
        case [branch, "from", base]:
            team.branch(branch, base)
        case [target, "<", source]:
            team.merge(target, source)
        case [target, "<pr", source]:
            team.merge(target, source, REQUEST.format(source))
        case [target, "<squash", source]:
            team.squash(target, source)
        case [target, "<ff", source]:
            team.forward(target, source)
        case [branch, count]:
            for _ in range(int(count)):
                team.commit(branch)
    return team


@pytest.mark.parametrize(("history", "branch", "version"), ROWS, ids=lambda value: value or "the start")
def test_a_history_gives_the_version_that_the_page_says(tmp_path, history, branch, version):
    team = start(tmp_path / "repository")
    for deed in filter(None, history.split(", ")):
        play(team, deed)
    assert str(team.version(branch)) == version


def test_the_page_has_histories_of_every_kind_of_branch():
    assert len(ROWS) >= 38
    assert {branch.partition("/")[0] for _, branch, _ in ROWS} == {
        "main",
        "develop",
        "release",
        "hotfix",
        "feature",
    }
