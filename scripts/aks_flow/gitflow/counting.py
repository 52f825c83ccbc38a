"""What a commit's version counts above, and from which commit N counts.

Both may depend only on what no later deed of the team moves: a version never falls along a branch, and no two
commits of it get the same. A branch's *own line* is its first parents: what was merged into it is not on it.
"""

from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.core.runner import Runner
from aks_flow.gitflow import ancestry
from aks_flow.gitflow.names import Names
from aks_flow.gitflow.releases import ReleaseFact, Releases
from aks_flow.gitflow.version import DEVELOP, MAIN, Version
from aks_flow.tools.git import ancestors


@dataclass(frozen=True)
class Counting:
    """How a commit's version is counted.

    own: the version that its branch is to become, if that is so. last: else the newest release that counts,
    None for none. later: newer ones that the commit comes before. start: what N counts from, None for the
    first commit.
    """

    own: Version | None = None
    last: ReleaseFact | None = None
    later: tuple[ReleaseFact, ...] = ()
    start: ReleaseFact | None = None


@dataclass(frozen=True)
class OwnLine:
    """A commit's own line, the commit first. fork: the newest on it that is on develop's own line too."""

    commits: tuple[str, ...]
    fork: str


def read(run: Runner, repo: Path, names: Names, releases: Releases, commit: str, branch: str) -> Counting:
    """The counting of a commit of a branch ("" for none)."""
    own, kind = names.own_version(branch), names.kind(branch)
    final = releases.final.get(own) if own else None
    if own and (final is None or commit in _first_parents(run, repo, *final.tops)):
        # from the minor release below it, wherever its branch began
        return Counting(own, start=releases.beginning_below(own))
    line = _own_line(run, repo, commit, releases.branches.get(names.develop, []))
    fork = {DEVELOP: commit, MAIN: ""}.get(kind, line.fork)
    counted = _above(run, repo, releases, commit, fork)
    if final and (counted.last is None or counted.last.version < final.version):
        counted = replace(counted, last=final)  # its branch went on after it was released
    return replace(counted, start=_start(releases, line, kind, counted.last))


def _own_line(run: Runner, repo: Path, commit: str, develop: list[str]) -> OwnLine:
    """develop: its tips."""
    commits = _first_parents(run, repo, commit)
    known = set(_first_parents(run, repo, *develop)) if develop else set()
    return OwnLine(tuple(commits), next((item for item in commits if item in known), ""))


def _above(run: Runner, repo: Path, releases: Releases, commit: str, fork: str) -> Counting:
    """The newest release that a commit comes after: it has it, or it left the line on which it was begun.

    fork: the commit's place on develop's own line, "" if that does not matter. A release is begun where its
    own line leaves develop's. What is on both lines is what the release is made of, and comes before it;
    develop's next commit comes after it, open or not.
    """
    later = []
    for release in releases.newest_first():
        if _has_left(run, repo, release, fork) or _has(run, repo, releases, release, commit):
            return Counting(last=release, later=tuple(later))
        later.append(release)
    return Counting(later=tuple(later))


def _has_left(run: Runner, repo: Path, release: ReleaseFact, commit: str) -> bool:
    """Whether a commit of develop's own line is not on the release's."""
    return bool(commit) and commit not in _first_parents(run, repo, *release.tops)


def _has(run: Runner, repo: Path, releases: Releases, release: ReleaseFact, commit: str) -> bool:
    """Whether the commit is a released one, or comes after it."""
    return release.version in releases.final and ancestry.contains(run, repo, commit, release.commit)


def _start(releases: Releases, line: OwnLine, kind: str, last: ReleaseFact | None) -> ReleaseFact | None:
    """The release that N counts from; None for the first commit.

    A release that had a branch was open for a while, and develop counted above it then. So develop goes on
    counting from the release before it: what that is was known when the branch began, and stays. A release
    that was tagged on the very line was never open, and N counts from it.
    """
    if kind == MAIN or last is None:
        return last
    begun = releases.beginning(last.version) or last
    if not begun.by_branch and begun.commit in line.commits:
        return begun
    return releases.beginning_below(begun.version)


def _first_parents(run: Runner, repo: Path, *commits: str) -> list[str]:
    return run.run(ancestors.first_parents(repo, *commits)).text.split()
