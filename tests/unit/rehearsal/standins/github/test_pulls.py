"""Pull requests run their workflows on a preview of the merge."""

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.github import pulls


@pytest.fixture
def proposed(remote):
    """feature/a, one commit ahead of develop, both pushed."""
    remote.push("develop")
    remote.work.git("checkout", "--quiet", "-b", "feature/a")
    remote.work.commit("file", "two\n", "feat: change the file")
    remote.push("feature/a")
    return remote


def test_a_request_whose_last_commit_says_so_starts_nothing(remote):
    remote.work.git("checkout", "--quiet", "-b", "feature/x")
    remote.work.commit("file", "one\n", "Docs [skip ci]")
    remote.push("develop", "feature/x")
    pull = pulls.add(remote.hub, "feature/x", "develop", "Docs")
    assert pulls.check(remote.hub, pull) == []


def test_the_preview_has_both_sides(proposed):
    (run,) = pulls.propose(proposed.hub, "feature/a", "develop")
    assert (run.event.ref, run.event.head, run.event.base) == ("refs/pull/1/merge", "feature/a", "develop")
    parents = proposed.work.git(
        "-C", proposed.hub.repository, "rev-parse", "refs/pull/1/merge^1", "refs/pull/1/merge^2"
    )
    assert parents.split() == [proposed.work.git("rev-parse", name) for name in ("develop", "feature/a")]


def test_a_push_to_the_branch_checks_the_pull_request_again(proposed):
    pulls.propose(proposed.hub, "feature/a", "develop")
    proposed.work.commit("other", "one\n")
    said = proposed.push("feature/a")
    assert [words.partition(":")[0] for words in said] == ["run 4", "run 5"]
    assert proposed.hub.runs.get(5).event.ref == "refs/pull/1/merge"


def test_opening_it_twice_is_opening_it_once(proposed):
    pulls.propose(proposed.hub, "feature/a", "develop")
    (run,) = pulls.propose(proposed.hub, "feature/a", "develop")
    assert run.event.number == 1


def test_a_conflict_names_the_files_and_starts_nothing(proposed):
    proposed.work.git("checkout", "--quiet", "develop")
    proposed.work.commit("file", "three\n")
    proposed.push("develop")
    with pytest.raises(AksFlowError, match="pull request 1 conflicts with develop in file"):
        pulls.propose(proposed.hub, "feature/a", "develop")


def test_a_merged_pull_request_is_left_alone(proposed):
    pulls.propose(proposed.hub, "feature/a", "develop")
    proposed.work.git("checkout", "--quiet", "develop")
    proposed.work.merge("feature/a")
    proposed.push("develop")
    before = len(proposed.hub.runs.all())
    proposed.work.git("checkout", "--quiet", "feature/a")
    proposed.work.git("merge", "--quiet", "--ff-only", "develop")
    assert len(proposed.push("feature/a")) == 1 and len(proposed.hub.runs.all()) == before + 1


def test_a_branch_that_was_never_pushed_is_named(proposed):
    with pytest.raises(AksFlowError, match="there is no branch feature/b"):
        pulls.propose(proposed.hub, "feature/b", "develop")
