"""The branches of the clones that scenarios work in, beside what the team has pushed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from aks_flow.core.config.target import Target
from aks_flow.rehearsal.scenarios import workspace
from aks_flow.rehearsal.standins.github import github_process
from aks_flow.tools.git import remotes
from tests.unit.gitflow.repository import Quick, Repository

VERSION = "1.5.0"
RELEASE = f"release/{VERSION}"


def candidate(repo: Repository) -> int:
    return int(repo.version().rpartition("-rc.")[2])


@pytest.fixture
def branch_off(config) -> Callable[[Repository, Repository], None]:
    """Branch the release off in a clone, with a repository as the target's."""

    def call(clone: Repository, origin: Repository) -> None:
        clone.git("checkout", "--quiet", "develop")
        targets = {config.target: Target("localhost:1", repository=str(origin.path))}
        workspace.branch_off(Quick(), replace(config, targets=targets), clone.path, VERSION)

    return call


def test_a_release_that_nobody_has_begins_at_develop(repo, branch_off):
    clone = repo.clone("clone")
    branch_off(clone, repo)
    assert clone.git("rev-parse", RELEASE) == repo.git("rev-parse", "develop")


def test_a_release_goes_on_above_the_team_s_candidates_with_develop_s_files(repo, branch_off):
    """The team's last candidate does not even start: its files must not come along."""
    clone = repo.clone("clone")
    repo.git("checkout", "--quiet", "-b", RELEASE)
    for count in range(3):
        repo.commit("broken", f"{count}\n", "fix: number")
    branch_off(clone, repo)
    assert candidate(clone) > candidate(repo)
    assert clone.git("diff", "develop", RELEASE) == "" == clone.git("status", "--porcelain")


def test_a_release_goes_on_above_a_clone_s_own_candidates(repo, branch_off):
    clone = repo.clone("clone")
    branch_off(clone, repo)
    clone.commit("app", "a change of `rehearse`\n")
    before = candidate(clone)
    branch_off(clone, repo)
    assert candidate(clone) > before
    assert clone.git("diff", "develop", RELEASE) == ""


def test_a_person_s_hooks_and_signatures_stay_out_of_the_rehearsal(repo, tmp_path, monkeypatch):
    """Those of all their repositories: a hook that asks for a ticket's number would end the first change."""
    hook = tmp_path / "hooks" / "commit-msg"
    hook.parent.mkdir()
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    person = tmp_path / "gitconfig"
    settings = f"[core]\nhooksPath = {hook.parent}\n[commit]\ngpgSign = true\n[gpg]\nprogram = false\n"
    person.write_text(settings)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(person))
    clone = Repository(tmp_path / "clone")
    Quick().run(remotes.clone(repo.path, clone.path))
    clone.commit("app", "a change\n")
    origin = Repository(tmp_path / "origin.git")
    github_process.make_repository(Quick(), origin.path)
    own = origin.path / "hooks" / "post-receive"
    own.write_text("#!/bin/sh\ntouch ran\n")
    own.chmod(0o755)
    clone.git("push", "--quiet", origin.path, "HEAD")
    assert (origin.path / "ran").is_file()


def test_a_release_goes_on_above_the_candidates_of_another_clone(repo, branch_off):
    """Drills follow `rehearse`, and it them: each in a clone of its own, to the same environment."""
    clone, drills = repo.clone("clone"), repo.clone("drills")
    branch_off(drills, repo)
    drills.commit("app", "a change of a drill\n")
    branch_off(clone, repo)
    clone.commit("app", "a change of `rehearse`\n")
    assert candidate(clone) > candidate(drills)


def test_what_was_delivered_from_the_clone_can_be_fetched_from_the_target_s_repository(config, repo):
    clone = repo.clone("clone")
    commit = clone.commit("app", "a change of `rehearse`\n")
    before = repo.git("for-each-ref", "refs/heads", "refs/tags")
    targets = {config.target: Target("localhost:1", repository=str(repo.path))}
    workspace.leave_commits(Quick(), replace(config, targets=targets), clone.path)
    person = repo.clone("person")
    assert Quick().run(remotes.fetch_commit(person.path, "origin", commit)).code == 0
    assert repo.git("for-each-ref", "refs/heads", "refs/tags") == before
