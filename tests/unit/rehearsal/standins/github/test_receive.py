"""What a push starts, and what the person who pushed reads."""

import pytest

from aks_flow.rehearsal.standins.github.runs import FAILURE, QUEUED


def test_a_push_queues_the_workflows_of_the_pushed_commit(remote):
    assert remote.push("develop") == ["run 1: ci.yml on develop, queued (./inv rehearsal.run 1)"]
    (run,) = remote.hub.runs.all()
    assert (run.state, run.event.commit) == (QUEUED, remote.work.git("rev-parse", "HEAD"))


def test_a_push_that_matches_no_workflow_says_so(remote):
    remote.work.git("branch", "main-old")
    said = remote.push("main-old")
    known = "main, develop, feature/*, release/* and hotfix/*"
    assert said == [f"main-old: no workflow starts on it; GitFlow knows {known}"]
    assert remote.hub.runs.all() == []


@pytest.mark.parametrize(
    ("tag", "words"),
    [
        ("yesterday", "no version (vX.Y.Z), so it releases nothing; no workflow starts on it"),
        ("v1.2.3.4", "no version (vX.Y.Z), so it releases nothing; no workflow starts on it"),
        ("v1.2.3", "no workflow starts on it; the push of its branch delivers"),
    ],
)
def test_a_tag_is_told_from_a_version(remote, tag, words):
    remote.work.git("tag", tag)
    assert remote.push(tag) == [f"tag {tag}: {words}"]


def test_a_workflow_that_github_refuses_is_a_failed_run_and_the_next_push_works(remote):
    remote.workflow("on: push\njobs: {check: {steps: [./inv}\n")
    (said,) = remote.push("develop")
    assert said.startswith("run 1: ci.yml on develop cannot start: .github/workflows/ci.yml:2: not YAML")
    assert remote.hub.runs.get(1).state == FAILURE
    remote.workflow("on: push\njobs: {check: {runs-on: ubuntu-latest, steps: [{run: ./inv lint}]}}\n")
    assert remote.push("develop") == ["run 2: ci.yml on develop, queued (./inv rehearsal.run 2)"]


def test_a_job_that_github_does_not_know_how_to_run_is_named_with_its_line(remote):
    remote.workflow("on: push\njobs:\n  check:\n    runs_on: ubuntu-latest\n    steps: [{run: ./inv lint}]\n")
    (said,) = remote.push("develop")
    assert (
        ".github/workflows/ci.yml:4: job has no key 'runs_on'" in said and "Did you mean 'runs-on'?" in said
    )


@pytest.mark.parametrize("message", ["Docs [skip ci]", "Docs\n\n\nskip-checks: true", "[No CI] docs"])
def test_a_commit_that_says_so_starts_nothing(remote, message):
    remote.work.commit("file", "one\n", message)
    assert remote.push("develop") == ["develop: its last commit's message says that no workflow is to start"]
    remote.work.commit("file", "two\n", "Quote nothing")
    assert remote.push("develop") == ["run 1: ci.yml on develop, queued (./inv rehearsal.run 1)"]


@pytest.mark.parametrize(("count", "starts"), [(3, True), (4, False)])
def test_of_more_than_three_tags_at_once_github_tells_nobody(remote, count, starts):
    remote.workflow("on: {push: {tags: ['v*']}}\njobs: {a: {runs-on: x, steps: [{run: ./inv lint}]}}\n")
    tags = [f"v1.{number}.0" for number in range(count)]
    for tag in tags:
        remote.work.git("tag", tag)
    said = remote.push(*tags)
    assert len(remote.hub.runs.all()) == (count if starts else 0)
    lone = "one of more than three that were pushed at once, of which GitHub makes no events"
    assert starts or said == [f"tag {tag}: {lone}; push it alone" for tag in tags]


def test_what_a_run_pushes_starts_nothing(remote):
    assert remote.push("develop", inside_run=True) == ["develop: pushed by a run, so it starts no workflow"]
    assert remote.hub.runs.all() == []


def test_a_removed_branch_starts_nothing(remote):
    remote.push("develop")
    assert remote.push(":develop") == ["develop: removed, nothing starts"]


def test_several_branches_of_one_push_start_their_own(remote):
    remote.work.git("checkout", "--quiet", "-b", "feature/a")
    assert len(remote.push("develop", "feature/a")) == 2
    assert {run.event.branch for run in remote.hub.runs.all()} == {"develop", "feature/a"}


def test_paths_are_compared_with_what_was_there_before(remote):
    remote.workflow("on: {push: {paths: [app/**]}}\njobs: {a: {runs-on: x, steps: [{run: ./inv lint}]}}\n")
    assert remote.push("develop") == ["develop: no workflow starts on it"]
    (remote.work.path / "app").mkdir()
    remote.work.commit("app/file", "one\n")
    assert remote.push("develop") == ["run 1: ci.yml on develop, queued (./inv rehearsal.run 1)"]
