"""What holds for the versions of every GitFlow history."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from hypothesis import example, given, settings

from tests.unit.gitflow.generated import Season, deeds
from tests.unit.gitflow.team import Team

few = settings(max_examples=3, deadline=None)


@contextmanager
def season(done: list[str]) -> Iterator[Season]:
    with tempfile.TemporaryDirectory(prefix="aks-flow-history-") as folder:
        played = Season(Team(Path(folder)))
        played.look()
        for deed in done:
            played.do(deed)
        yield played


@few
@example(["start", "fix", "fix", "forward", "fix", "work", "finish_by_merge", "tag", "sync", "work"])
@example(["start", "work", "fix", "finish_by_squash", "work", "tag", "sync", "start", "work", "fix"])
@example(["start", "fix", "hotfix_by_merge", "sync", "work", "finish_by_request", "sync", "work", "tag"])
@example(["start", "finish_by_forward", "sync_by_forward", "work", "start", "fix", "forward", "work"])
@given(deeds)
def test_versions_never_fall_and_never_come_twice(done):
    with season(done):
        pass  # each deed looks at every branch


def own_line(team: Team, branch: str) -> list[int]:
    """Without what is main's or develop's own: what the branch began with, or was fast-forwarded over."""
    others = {"main": (), "develop": ("main",)}.get(branch, ("main", "develop"))
    known = {commit for other in others for commit in team.line(other)}
    return [commit for commit in team.line(branch) if commit not in known]


@few
@example(
    ["work", "start", "fix", "work", "finish_by_merge", "sync", "work", "start", "work", "hotfix_by_merge"]
)
@given(deeds)
def test_looked_at_afterwards_they_rise_along_every_branch_and_each_is_one_commit_s(done):
    with season(done) as played:
        owners = {}
        for branch in played.team.tips:
            line = own_line(played.team, branch)
            versions = [played.team.version(branch, commit) for commit in line]
            assert all(older < newer for older, newer in pairwise(versions)), (branch, versions)
            for version, commit in zip(versions, line, strict=True):
                assert owners.setdefault(version, commit) == commit, (branch, version)
