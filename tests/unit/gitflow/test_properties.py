"""What holds for the versions of every GitFlow history."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from hypothesis import example, given, settings

from aks_flow.gitflow import version_facts
from aks_flow.gitflow.version import Version, derive
from tests.unit.gitflow.generated import Team, deeds
from tests.unit.gitflow.repository import Quick

few = settings(max_examples=10, deadline=None)


@contextmanager
def worked(done: list[str]) -> Iterator[tuple[Team, Callable[[str, list[int]], list[Version]]]]:
    """The team after its deeds, and what gives a branch's commits their versions."""
    team = Team()
    for deed in done:
        team.do(deed)
    with tempfile.TemporaryDirectory(prefix="aks-flow-history-") as folder:
        commits = team.write(Path(folder))

        def versions(branch: str, marks: list[int]) -> list[Version]:
            heads = (version_facts.of_commit(Quick(), Path(folder), commits[mark], branch) for mark in marks)
            return [derive(head.facts) for head in heads]

        yield team, versions


@few
@example(["work", "work", "work", "patch", "work"])
@example(["start", "fix", "back", "fix", "hotfix", "finish", "work"])
@given(deeds)
def test_versions_grow_along_develop(done):
    with worked(done) as (team, versions):
        assert all(older < newer for older, newer in pairwise(versions("develop", team.develop)))


@few
@example(["start", "fix", "back", "fix", "finish"])
@example(["start", "fix", "hotfix", "fix", "finish", "patch"])
@given(deeds)
def test_a_release_s_candidates_grow_and_stay_below_its_final(done):
    with worked(done) as (team, versions):
        for branch, marks, final in team.candidates:
            line = [*versions(branch, marks), final]
            assert all(older < newer for older, newer in pairwise(line))


@few
@example(["hotfix", "hotfix"])
@given(deeds)
def test_a_hotfix_stands_between_the_last_release_and_its_own(done):
    with worked(done) as (team, versions):
        for branch, marks, final in team.hotfixes:
            line = [Version(final.major, final.minor, final.patch - 1), *versions(branch, marks), final]
            assert all(older < newer for older, newer in pairwise(line))
