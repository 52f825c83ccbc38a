"""Sources read from real repositories."""

import os
import subprocess

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.gitflow import source

IDENTITY = ("-c", "user.name=t", "-c", "user.email=t@localhost", "-c", "commit.gpgsign=false")


def git(repo, *words):
    return subprocess.run(
        ["git", "-C", repo, *IDENTITY, *words], check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def repo(tmp_path):
    repo = tmp_path / "a repo; with $(id)"
    repo.mkdir()
    git(repo, "init", "--quiet", "--initial-branch=develop")
    (repo / "file").write_text("one")
    git(repo, "add", ".")
    git(repo, "commit", "--quiet", "-m", "First")
    return repo


def test_a_clean_tree_gives_commit_branch_tree_and_version(repo):
    read = source.read(Local(), repo, {})
    assert (read.commit, read.branch, read.dirty) == (
        git(repo, "rev-parse", "HEAD").strip(),
        "develop",
        False,
    )
    assert read.tree == git(repo, "rev-parse", "HEAD^{tree}").strip()
    assert str(read.version) == "0.1.0-alpha.1"


def test_the_last_release_tag_counts_and_prerelease_tags_do_not(repo):
    git(repo, "tag", "v1.4.0")
    git(repo, "commit", "--quiet", "--allow-empty", "-m", "Second")
    git(repo, "tag", "v1.5.0-rc.1")
    assert str(source.read(Local(), repo, {}).version) == "1.5.0-alpha.1"


def test_a_detached_head_has_no_branch(repo):
    git(repo, "checkout", "--quiet", "--detach")
    assert source.read(Local(), repo, {}).branch == ""


def conflict(repo):
    git(repo, "checkout", "--quiet", "-b", "other")
    (repo / "file").write_text("theirs")
    git(repo, "commit", "--quiet", "--all", "-m", "Theirs")
    git(repo, "checkout", "--quiet", "develop")
    (repo / "file").write_text("ours")
    git(repo, "commit", "--quiet", "--all", "-m", "Ours")
    subprocess.run(["git", "-C", repo, *IDENTITY, "merge", "--quiet", "other"], capture_output=True)


CHANGES = {  # what is done -> the files as they are named
    "changed": (lambda repo: (repo / "file").write_text("two"), "file"),
    "new, with a space": (lambda repo: (repo / "a new file").write_text("one"), "a new file"),
    "moved": (lambda repo: git(repo, "mv", "file", "a place"), "a place"),
    "in conflict": (conflict, "file"),
    "many": (lambda repo: [(repo / name).touch() for name in "abcde"], "a, b, c and 2 more"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_dirty_tree_is_refused_with_its_files_and_the_way_out(repo, change):
    make, names = CHANGES[change]
    make(repo)
    with pytest.raises(AksFlowError, match=f"not committed: {names}\\. .*--dirty"):
        source.read(Local(), repo, {})


def test_an_allowed_dirty_tree_is_its_own_tree_and_leaves_the_index_alone(repo):
    clean = source.read(Local(), repo, {})
    (repo / "new").write_text("untracked")
    before = git(repo, "status", "--porcelain")
    dirty = source.read(Local(), repo, {}, allow_dirty=True)
    assert dirty.tree != clean.tree and ".dirty." in str(dirty.version)
    assert git(repo, "ls-tree", "--name-only", dirty.tree).split() == ["file", "new"]
    assert git(repo, "status", "--porcelain") == before


def test_a_question_takes_no_lock_that_a_person_s_commit_would_run_into(repo):
    """As git does by itself when a file has another time than its index says."""
    index = repo / ".git/index"
    os.utime(repo / "file", (1, 1))
    before = index.read_bytes()
    source.read(Local(), repo, {})
    assert index.read_bytes() == before
    git(repo, "status")
    assert index.read_bytes() != before


def test_a_repository_without_a_commit_is_named(tmp_path):
    git(tmp_path, "init", "--quiet")
    with pytest.raises(AksFlowError, match="has no commit"):
        source.read(Local(), tmp_path, {})
