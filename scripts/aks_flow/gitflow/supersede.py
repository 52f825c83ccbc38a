"""Does what was delivered already supersede what is to be delivered? One rule for both paths.

It does if it is a later version of the same line: of the branch that the delivery came from, or of what that
branch was merged into. Two deliveries may run in the wrong order; a hotfix beside an open release may not be
kept away by the release's higher number.
"""

from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow import ancestry
from aks_flow.gitflow.version import Version
from aks_flow.tools.git import remotes

_ORIGIN = "origin"
_RELEASED = ("alpha", "rc", "main")  # the labels of branches whose commits go into releases


@dataclass(frozen=True)
class Delivered:
    """A version, and the commit that it was made of: "" if that is not known."""

    commit: str
    version: str


def superseding(run: Runner, repo: Path, mine: Delivered, other: Delivered | None) -> str:
    """The other version if it supersedes mine, else "".

    It does if its commit contains mine. Where git does not know the commits, or they are the same, the
    versions alone decide.
    """
    if other is None or not is_version(other.version):
        return ""
    if other.commit != mine.commit and _are_here(run, repo, other.commit, mine.commit):
        later = _committed(mine.version) < _committed(other.version)
        contained = later and ancestry.contains(run, repo, other.commit, mine.commit)
        return other.version if contained else ""
    return other.version if is_older(mine.version, other.version) else ""


def is_version(text: str) -> bool:
    try:
        Version.parse(text)
    except AksFlowError:
        return False
    return True


def is_older(version: str, other: str) -> bool:
    """Whether ``version`` is below another one of its own line; both are versions."""
    mine, theirs = _committed(version), _committed(other)
    if not mine < theirs:
        return False
    if not theirs.prerelease:
        return mine.label in ("", *_RELEASED)
    if mine.core == theirs.core and (mine.label, theirs.label) == ("alpha", "rc"):
        return True  # a release is made of what develop had until then
    return mine.label == theirs.label and (mine.label != "rc" or mine.core == theirs.core)


def _committed(text: str) -> Version:
    """The version without what a dirty work tree added."""
    return Version.parse(text.partition(".dirty.")[0])


def _are_here(run: Runner, repo: Path, *commits: str) -> bool:
    """Whether the clone has them, once origin was asked: a newer one was pushed after the checkout."""
    if not all(commits) or _known(run, repo, commits):
        return all(commits)
    run.run(remotes.fetch_all(repo, _ORIGIN))  # if it does not answer, versions decide
    return _known(run, repo, commits)


def _known(run: Runner, repo: Path, commits: tuple[str, ...]) -> bool:
    return all(ancestry.knows(run, repo, commit) for commit in commits)
