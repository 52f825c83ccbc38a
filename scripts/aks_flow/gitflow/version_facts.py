"""A commit's history -> the facts that its version is derived from, complete also in a clone that is not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.runner import Runner
from aks_flow.gitflow import ancestry, counting, fetch_missing, releases
from aks_flow.gitflow.branch_of import CommitPlace, place_of_commit, place_of_head
from aks_flow.gitflow.counting import Counting
from aks_flow.gitflow.names import Names
from aks_flow.gitflow.releases import ReleaseFact, Releases
from aks_flow.gitflow.version import MAIN, CommitFacts, Version
from aks_flow.tools.git import ancestors, refs

_SHOWN = 3  # tags of a kind


@dataclass(frozen=True)
class CommitHistory:
    """The facts of a commit, and how they came about.

    release: the one that the commit is, if it is one. fetched: what the clone lacked and was fetched, or
    could not be, in words.
    """

    names: Names
    facts: CommitFacts
    place: CommitPlace
    releases: Releases
    counting: Counting
    release: ReleaseFact | None = None
    fetched: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person should know of the version though nobody asked why it is what it is."""
        unprefixed = self.releases.unprefixed
        prefix = f"begins with {self.names.tag}" if self.names.tag else "has no prefix"
        passed_over = (
            f"passed over, since a release's tag {prefix}: {listed(unprefixed)}" if unprefixed else ""
        )
        return tuple(filter(None, (self.fetched, passed_over)))


def listed(names: Sequence[str]) -> str:
    """The first few, and how many more there are."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def of_head(
    run: Runner, repo: Path, names: Names, commit: str, branch: str, variables: Mapping[str, str]
) -> CommitHistory:
    """The history of HEAD, given commit and branch of `git status`; AksFlowError if it cannot be fetched."""
    fetched = _fetch(run, repo, names, commit)
    place = place_of_head(run, repo, names, commit, branch, variables)
    return _history(run, repo, names, commit, place, fetched)


def of_commit(run: Runner, repo: Path, names: Names, commit: str, branch: str = "") -> CommitHistory:
    """The history of any commit, on ``branch`` or on the branch that it is of."""
    fetched = _fetch(run, repo, names, commit)
    named = CommitPlace(commit, branch, "as named") if branch else None
    place = named or place_of_commit(run, repo, names, commit)
    return _history(run, repo, names, commit, place, fetched)


def previous(run: Runner, repo: Path, past: CommitHistory) -> str:
    """The commit of the last release below this one, which may be a release itself; "" for none."""
    others = [release for release in past.releases.final.values() if release != past.release]
    for release in sorted(others, key=lambda release: release.version, reverse=True):
        if ancestry.contains(run, repo, past.facts.commit, release.commit):
            return release.commit
    return ""


def _history(
    run: Runner, repo: Path, names: Names, commit: str, place: CommitPlace, fetched: str
) -> CommitHistory:
    branch, kind = place.branch, names.kind(place.branch)
    counted = commit if place.counted == commit else ancestry.commit_of(run, repo, place.counted)
    known = releases.read(run, repo, names, counted)
    releases.refuse_two_branches(names, branch, known.branches)
    how = counting.read(run, repo, names, known, counted, branch)
    release = known.at(counted) or (known.forwarded(counted, how.last) if kind == MAIN else None)
    count = int(run.run(ancestors.count_between(repo, how.start.commit if how.start else "", counted)).text)
    facts = CommitFacts(
        commit, branch, kind, release=_version(release), own=how.own, last=_version(how.last), count=count
    )
    return CommitHistory(names, facts, place, known, how, release, fetched)


def _version(release: ReleaseFact | None) -> Version | None:
    return release.version if release else None


def _fetch(run: Runner, repo: Path, names: Names, commit: str) -> str:
    """Bring what the clone lacks; a commit that is tagged as a release needs nothing."""
    tags = refs.parse_tags_with_commits(run.run(refs.tags_with_commits(repo)).text)
    here = [tag for tag, tagged in tags.items() if tagged == commit]
    if releases.sort_tags(here, names)[0]:
        return ""
    return fetch_missing.complete(run, repo, bool(releases.sort_tags(tags, names)[0]))
