"""The version of a commit, read from real repositories of every kind."""

import shutil

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import version_facts
from aks_flow.gitflow.version import derive
from tests.unit.gitflow.repository import Quick


@pytest.fixture
def released(repo):
    """release/1.5.0 left develop at its second commit and has two of its own; develop has gone on."""
    repo.git("checkout", "--quiet", "-b", "release/1.5.0")
    repo.commit("notes", "one\n", "Write the notes")
    repo.commit("notes", "two\n", "Write more notes")
    repo.git("checkout", "--quiet", "develop")
    repo.commit()
    repo.git("checkout", "--quiet", "release/1.5.0")
    return repo


def test_a_release_counts_from_where_it_left_develop(released):
    assert released.version() == "1.5.0-rc.2"


def test_a_merge_of_the_release_back_to_develop_does_not_start_the_count_again(released):
    released.git("checkout", "--quiet", "develop")
    released.merge("release/1.5.0")
    released.git("checkout", "--quiet", "release/1.5.0")
    released.commit()
    assert released.version() == "1.5.0-rc.3"


def test_a_patch_release_does_not_make_develop_fall(repo):
    repo.git("checkout", "--quiet", "-b", "release/1.4.1")
    repo.git("checkout", "--quiet", "main")
    repo.merge("release/1.4.1")
    repo.git("tag", "v1.4.1")
    before = derive(
        version_facts.of_commit(Quick(), repo.path, repo.git("rev-parse", "develop"), "develop").facts
    )
    repo.git("checkout", "--quiet", "develop")
    repo.merge("main")
    after = derive(
        version_facts.of_commit(Quick(), repo.path, repo.git("rev-parse", "develop"), "develop").facts
    )
    assert (str(before), str(after)) == ("1.5.0-alpha.2", "1.5.0-alpha.4")


def test_the_highest_release_counts_not_the_nearest(repo):
    repo.git("tag", "v1.3.9")
    repo.commit()
    assert repo.version() == "1.5.0-alpha.3"


@pytest.mark.parametrize("tag", ["v2", "v2.0.0-rc.1", "version", "v02.0.0"])
def test_a_tag_that_is_no_release_does_not_count(repo, tag):
    repo.git("tag", tag)
    assert repo.version() == "1.5.0-alpha.2"


def test_a_worktree_has_the_version_of_its_own_branch(released):
    released.git("worktree", "add", "--quiet", released.path.parent / "beside", "develop")
    beside = type(released)(released.path.parent / "beside")
    assert (beside.version(), released.version()) == ("1.5.0-alpha.3", "1.5.0-rc.2")


@pytest.mark.parametrize("branch", ["develop", "release/1.5.0", "main"])
def test_a_shallow_clone_of_one_branch_gives_the_full_clone_s_version(released, branch):
    released.git("checkout", "--quiet", branch)
    shallow = released.clone("shallow", "--depth=1", "--branch", branch)
    assert shallow.git("rev-list", "--count", "HEAD") == "1"
    assert shallow.version() == released.version()


def test_a_shallow_clone_whose_origin_is_gone_says_what_is_missing(released):
    shallow = released.clone("shallow", "--depth=1")
    shutil.rmtree(released.path)
    with pytest.raises(AksFlowError, match="the last release is not in it.*fetch-depth: 0"):
        shallow.version()


def test_a_clone_of_the_release_alone_asks_for_develop(released):
    alone = released.clone("alone", "--single-branch", "--branch", "release/1.5.0")
    assert alone.version() == released.version()


def test_a_clone_of_the_release_alone_whose_origin_is_gone_says_what_is_missing(released):
    alone = released.clone("alone", "--single-branch", "--branch", "release/1.5.0")
    shutil.rmtree(released.path)
    with pytest.raises(
        AksFlowError, match="counts from develop, which is not here.*git fetch origin develop"
    ):
        alone.version()


def test_a_release_without_any_develop_counts_from_the_last_release(released):
    released.git("branch", "--quiet", "-D", "develop")
    assert released.version() == "1.5.0-rc.4"


def test_a_shallow_clone_at_a_release_asks_nobody(released):
    shallow = released.clone("shallow", "--depth=1", "--branch", "v1.4.0")
    shutil.rmtree(released.path)
    assert shallow.version() == "1.4.0"


def test_a_detached_commit_is_on_the_branch_that_contains_it(released):
    released.git("checkout", "--quiet", "--detach", "release/1.5.0~1")
    assert released.version() == "1.5.0-rc.1"


def test_a_detached_commit_in_a_workflow_is_on_the_branch_that_was_pushed(repo, monkeypatch):
    repo.git("checkout", "--quiet", "--detach", "develop")
    workflow(monkeypatch, repo, "refs/heads/release/1.5.0")
    assert repo.version() == "1.5.0-rc.0"


def test_the_variables_of_another_repository_s_workflow_say_nothing(repo, monkeypatch):
    repo.git("checkout", "--quiet", "--detach", "develop")
    workflow(monkeypatch, repo, "refs/heads/release/1.5.0")
    monkeypatch.setenv("GITHUB_SHA", "0" * 40)
    assert repo.version() == "1.5.0-alpha.2"


@pytest.mark.parametrize("flags", [(), ("--depth=1",)])
def test_a_pull_request_s_merge_commit_has_the_version_of_what_it_would_merge(repo, monkeypatch, flags):
    repo.git("checkout", "--quiet", "-b", "feature/dark-mode")
    repo.commit("dark", "one\n")
    proposed = repo.version()
    repo.git("checkout", "--quiet", "develop")
    repo.commit()
    repo.git("checkout", "--quiet", "--detach")
    repo.merge("feature/dark-mode")
    repo.git("update-ref", "refs/pull/7/merge", "HEAD")
    clone = repo.clone("clone", *flags)
    clone.git("fetch", "--quiet", *flags, "origin", "refs/pull/7/merge")
    clone.git("checkout", "--quiet", "--detach", "FETCH_HEAD")
    workflow(monkeypatch, clone, "refs/pull/7/merge", head="feature/dark-mode", base="develop")
    assert clone.version() == proposed == "1.5.0-feature-dark-mode.3"


def test_git_flow_s_own_names_are_understood(repo):
    for key, value in {"branch.develop": "next", "prefix.release": "rel-", "prefix.versiontag": ""}.items():
        repo.git("config", f"gitflow.{key}", value)
    repo.git("tag", "2.0.0", "main")
    repo.git("branch", "--move", "develop", "next")
    assert repo.version() == "2.1.0-alpha.2"
    repo.git("checkout", "--quiet", "-b", "rel-2.1.0")
    repo.commit()
    assert repo.version() == "2.1.0-rc.1"


def workflow(monkeypatch, repo, reference, head="", base=""):
    values = {"SHA": repo.git("rev-parse", "HEAD"), "REF": reference, "HEAD_REF": head, "BASE_REF": base}
    for name, value in values.items():
        monkeypatch.setenv(f"GITHUB_{name}", value)
