"""Is what runs newer than what would replace it? By ancestry in real repositories, else by version."""

import pytest

from aks_flow.gitflow import source
from aks_flow.gitflow.version import Version
from aks_flow.push import newer_version
from aks_flow.push.newer_version import Running
from tests.unit.gitflow.repository import Quick

UNKNOWN = "f" * 40


def newer_than(repo, commit, version="1.5.0-alpha.9"):
    return newer_version.newer_than(Quick(), source.read(Quick(), repo.path), Running(commit, version))


def at(repo, commit):
    """The repository as a run that began at an older commit sees it."""
    repo.git("checkout", "--quiet", "-B", "develop", commit)
    return repo


def test_an_older_commit_of_the_line_is_superseded(repo):
    old = repo.git("rev-parse", "HEAD")
    new = repo.commit("app", "two\n")
    assert newer_than(at(repo, old), new) == "1.5.0-alpha.9"


def test_the_same_commit_and_a_newer_one_are_not(repo):
    old = repo.git("rev-parse", "HEAD")
    assert newer_than(repo, old) == ""
    repo.commit("app", "two\n")
    assert newer_than(repo, old) == ""


def test_another_branch_s_commit_is_not_superseded_whatever_its_number(repo):
    running = repo.commit("app", "two\n")
    repo.git("checkout", "--quiet", "-b", "feature/x", "HEAD~1")
    repo.commit("docs", "x\n")
    assert newer_than(repo, running, "9.0.0") == ""


def test_a_commit_that_was_pushed_after_the_checkout_is_fetched(repo):
    early = repo.clone("early", "--branch=develop")
    later = repo.commit("app", "two\n")
    assert newer_than(early, later) == "1.5.0-alpha.9"


def test_a_rewritten_line_is_not_superseded_by_what_it_replaced(repo):
    dropped = repo.commit("app", "dropped\n")
    repo.git("reset", "--quiet", "--hard", "HEAD~1")
    repo.commit("app", "instead\n")
    assert newer_than(repo, dropped) == ""


@pytest.mark.parametrize(
    ("mine", "theirs", "older"),
    [
        ("1.5.0-alpha.9", "1.5.0-alpha.10", True),
        ("1.4.0-alpha.30", "1.5.0-alpha.2", True),
        ("1.5.0-alpha.10", "1.5.0-alpha.10", False),
        ("1.5.0-alpha.11", "1.5.0-alpha.10", False),
        ("1.4.1-rc.3", "1.5.0-rc.1", False),
        ("1.5.0-rc.1", "1.5.0-rc.2", True),
        ("1.4.1", "1.5.0", True),
        ("1.5.0-alpha.3", "1.5.0", False),
        ("1.5.0-dark-mode.1", "1.5.0-light-mode.2", False),
        ("1.5.0", "latest", False),
    ],
)
def test_without_ancestry_only_versions_of_one_line_compare(mine, theirs, older):
    assert newer_version.is_older(Version.parse(mine), theirs) is older


def test_a_commit_that_nobody_has_leaves_it_to_the_version(repo):
    assert newer_than(repo, UNKNOWN, "1.5.0-alpha.99") == "1.5.0-alpha.99"
    assert newer_than(repo, UNKNOWN, "1.5.0-alpha.1") == ""
    assert newer_than(repo, "", "1.5.0-alpha.99") == "1.5.0-alpha.99"


def test_a_deployment_that_no_delivery_marked_stops_nobody(repo):
    assert newer_version.running({}) is None
    assert newer_version.running({"metadata": {"annotations": {"a": "b"}}}) is None
    assert newer_version.newer_than(Quick(), source.read(Quick(), repo.path), None) == ""


def test_the_mark_is_read_from_the_deployment():
    notes = {newer_version.COMMIT: "c0ffee", newer_version.VERSION: "1.5.0"}
    assert newer_version.running({"metadata": {"annotations": notes}}) == Running("c0ffee", "1.5.0")
