"""Does what was delivered supersede what is to be? By ancestry in real repositories, else by version."""

import pytest

from aks_flow.gitflow import supersede
from aks_flow.gitflow.supersede import Delivered
from tests.unit.gitflow.repository import Quick

UNKNOWN = "f" * 40


def superseding(repo, other, mine="1.5.0-alpha.5", commit="HEAD"):
    """other: what was delivered, as commit and version."""
    own = Delivered(repo.git("rev-parse", commit), mine)
    return supersede.superseding(Quick(), repo.path, own, Delivered(*other))


def at(repo, commit):
    """The repository as a run that began at an older commit sees it."""
    repo.git("checkout", "--quiet", "-B", "develop", commit)
    return repo


def test_an_older_commit_of_the_line_is_superseded(repo):
    old = repo.git("rev-parse", "HEAD")
    new = repo.commit("app", "two\n")
    assert superseding(at(repo, old), (new, "1.5.0-alpha.9")) == "1.5.0-alpha.9"


def test_a_newer_commit_is_not(repo):
    old = repo.git("rev-parse", "HEAD")
    repo.commit("app", "two\n")
    assert superseding(repo, (old, "1.5.0-alpha.9")) == ""


@pytest.mark.parametrize(
    ("mine", "other", "supersedes"),
    [
        ("1.5.0-alpha.5", "1.5.0-alpha.5", False),
        ("1.5.0-alpha.5", "1.5.0-alpha.9", True),
        ("1.5.0-alpha.5", "1.5.0-alpha.5.dirty.0123456789ab", False),
        ("1.5.0-alpha.5.dirty.0123456789ab", "1.5.0-alpha.5", False),
        ("1.5.0-alpha.5", "1.5.0-rc.5", True),
        ("1.5.0", "1.5.0-rc.5", False),
    ],
)
def test_of_one_commit_only_a_later_version_supersedes(repo, mine, other, supersedes):
    commit = repo.git("rev-parse", "HEAD")
    assert bool(superseding(repo, (commit, other), mine)) is supersedes


def test_another_branch_s_commit_supersedes_nothing_whatever_its_number(repo):
    other = repo.commit("app", "two\n")
    repo.git("checkout", "--quiet", "-b", "feature/x", "HEAD~1")
    repo.commit("docs", "x\n")
    assert superseding(repo, (other, "9.0.0")) == ""


def test_a_hotfix_beside_an_open_release_reaches_staging_and_the_release_after_it(repo):
    repo.git("checkout", "--quiet", "-b", "release/1.5.0")
    candidate = (repo.commit("notes", "one\n"), "1.5.0-rc.3")
    repo.git("checkout", "--quiet", "-b", "hotfix/1.4.1", "main")
    hotfix = (repo.commit("file", "fixed\n"), "1.4.1-rc.1")
    assert superseding(repo, candidate, "1.4.1-rc.1", "hotfix/1.4.1") == ""
    assert superseding(repo, hotfix, "1.5.0-rc.3", "release/1.5.0") == ""


def test_what_a_branch_was_merged_into_supersedes_it(repo):
    repo.git("checkout", "--quiet", "-b", "hotfix/1.4.1", "main")
    repo.commit("file", "fixed\n")
    repo.git("checkout", "--quiet", "-b", "release/1.5.0", "develop")
    repo.merge("hotfix/1.4.1")
    other = (repo.git("rev-parse", "HEAD"), "1.5.0-rc.4")
    assert superseding(repo, other, "1.4.1-rc.1", "hotfix/1.4.1") == "1.5.0-rc.4"


def test_a_lower_version_supersedes_nothing_whatever_its_commit(repo):
    old = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "--quiet", "-b", "feature/x")
    other = (repo.commit("docs", "x\n"), "1.4.9-feature-x.3")
    assert superseding(repo, other, commit=old) == ""


def test_a_commit_that_was_pushed_after_the_checkout_is_fetched(repo):
    early = repo.clone("early", "--branch=develop")
    later = repo.commit("app", "two\n")
    assert superseding(early, (later, "1.5.0-alpha.9")) == "1.5.0-alpha.9"


def test_a_rewritten_line_is_not_superseded_by_what_it_replaced(repo):
    dropped = repo.commit("app", "dropped\n")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.commit("app", "instead\n")
    assert superseding(repo, (dropped, "1.5.0-alpha.9")) == ""


@pytest.mark.parametrize(
    ("mine", "theirs", "older"),
    [
        ("1.5.0-alpha.9", "1.5.0-alpha.10", True),
        ("1.4.0-alpha.30", "1.5.0-alpha.2", True),
        ("1.5.0-alpha.10", "1.5.0-alpha.10", False),
        ("1.5.0-alpha.11", "1.5.0-alpha.10", False),
        ("1.4.1-rc.3", "1.5.0-rc.1", False),
        ("1.5.0-rc.1", "1.5.0-rc.2", True),
        ("1.5.0-alpha.3", "1.5.0-rc.1", True),
        ("1.6.0-alpha.3", "1.5.0-rc.1", False),
        ("1.5.0-alpha.3", "1.6.0-rc.1", False),
        ("1.4.1", "1.5.0", True),
        ("1.5.0-rc.3", "1.5.0", True),
        ("1.5.0-alpha.3", "1.5.0", True),
        ("1.4.1-main.3", "1.4.1", True),
        ("1.5.0-dark-mode.1", "1.5.0", False),
        ("1.5.0-dark-mode.1", "1.5.0-light-mode.2", False),
        ("1.5.0-dark-mode.1", "1.5.0-dark-mode.2", True),
    ],
)
def test_without_ancestry_only_versions_of_one_line_compare(mine, theirs, older):
    assert supersede.is_older(mine, theirs) is older


def test_a_commit_that_nobody_has_leaves_it_to_the_version(repo):
    assert superseding(repo, (UNKNOWN, "1.5.0-alpha.99")) == "1.5.0-alpha.99"
    assert superseding(repo, (UNKNOWN, "1.5.0-alpha.1")) == ""
    assert superseding(repo, ("", "1.5.0-alpha.99")) == "1.5.0-alpha.99"


@pytest.mark.parametrize("other", [None, Delivered(UNKNOWN, "latest")])
def test_what_is_no_version_supersedes_nothing(repo, other):
    own = Delivered(repo.git("rev-parse", "HEAD"), "1.5.0-alpha.5")
    assert supersede.superseding(Quick(), repo.path, own, other) == ""
