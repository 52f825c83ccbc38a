"""A commit's history -> the facts that its version is derived from, complete also in a shallow clone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow import fetch_missing
from aks_flow.gitflow.branch_of import CommitPlace, place_of_commit, place_of_head
from aks_flow.gitflow.names import HOTFIX, RELEASE, Names, read_names
from aks_flow.gitflow.version import CommitFacts, Version
from aks_flow.tools.git import lines, log, refs


@dataclass(frozen=True)
class CommitHistory:
    """The facts of a commit, and how they came about.

    since: what N counts from, in words. ignored: tags below the commit that are no version. fetched: True if
    the clone was shallow and its history had to be fetched.
    """

    facts: CommitFacts
    place: CommitPlace
    since: str
    ignored: tuple[str, ...]
    fetched: bool


def of_head(run: Runner, repo: Path, commit: str, branch: str, variables: Mapping[str, str]) -> CommitHistory:
    """The history of HEAD, given commit and branch of `git status`; AksFlowError if it cannot be fetched."""
    names = read_names(run, repo)
    fetched = _fetch_if_shallow(run, repo, names, commit)
    place = place_of_head(run, repo, names, commit, branch, variables)
    return _history(run, repo, names, commit, place, fetched)


def of_commit(run: Runner, repo: Path, commit: str, branch: str = "") -> CommitHistory:
    """The history of any commit, on ``branch`` or on the branch that contains it."""
    names = read_names(run, repo)
    fetched = _fetch_if_shallow(run, repo, names, commit)
    named = CommitPlace(commit, branch, "as named") if branch else None
    place = named or place_of_commit(run, repo, names, commit)
    return _history(run, repo, names, commit, place, fetched)


def releases(tags: Iterable[str], names: Names) -> tuple[list[Version], tuple[str, ...]]:
    """The released versions among tags in ascending order, and the tags that are no version."""
    versions, ignored = [], []
    for tag in tags:
        try:
            versions.append(Version.parse(tag.removeprefix(names.tag)))
        except AksFlowError:
            ignored.append(tag)
    return sorted(version for version in versions if not version.prerelease), tuple(ignored)


def previous(run: Runner, repo: Path, facts: CommitFacts) -> str:
    """The tag of the release before the commit's own if it is one, else of the last below it; "" for none."""
    names = read_names(run, repo)
    tags = lines(run.run(refs.tags_below(repo, facts.commit, names.tag)).text)
    versions, _ = releases(tags, names)
    below = [version for version in versions if facts.distance or version != facts.last]
    return _reference(names, below[-1] if below else None)


def _history(
    run: Runner, repo: Path, names: Names, commit: str, place: CommitPlace, fetched: bool
) -> CommitHistory:
    tags = lines(run.run(refs.tags_below(repo, place.counted, names.tag)).text)
    versions, ignored = releases(tags, names)
    last = versions[-1] if versions else None
    distance = _count(run, repo, _reference(names, last), place.counted)
    start, since = _start(run, repo, names, place, versions)
    count = distance if start == _reference(names, last) else _count(run, repo, start, place.counted)
    facts = CommitFacts(commit, names.standard(place.branch), last, distance, count=count)
    return CommitHistory(facts, place, since, ignored, fetched)


def _start(
    run: Runner, repo: Path, names: Names, place: CommitPlace, versions: list[Version]
) -> tuple[str, str]:
    """What N counts from, as a name for git ("": the first commit) and in words."""
    kind = names.kind(place.branch)
    fork = _fork(run, repo, names, place.counted) if kind == RELEASE else ""
    if fork:
        return fork, f"where it left {names.develop} ({fork[:12]})"
    if not versions:
        return "", "the first commit"
    has_own_version = kind in (RELEASE, HOTFIX)
    chosen = versions[-1] if has_own_version else _first_of_last_minor(versions)
    return _reference(names, chosen), names.tag_of(chosen)


def _first_of_last_minor(versions: list[Version]) -> Version:
    last = versions[-1]
    return next(version for version in versions if (version.major, version.minor) == (last.major, last.minor))


def _fork(run: Runner, repo: Path, names: Names, commit: str) -> str:
    """Where a release left develop, "" if that is not known.

    Only first parents count: a merge of the release back into develop does not move the place.
    """
    tips = fetch_missing.develop(run, repo, names)
    of_develop = {ancestor for tip in tips for ancestor in _first_parents(run, repo, tip)}
    if not of_develop:
        return ""
    return next((ancestor for ancestor in _first_parents(run, repo, commit) if ancestor in of_develop), "")


def _first_parents(run: Runner, repo: Path, commit: str) -> list[str]:
    return run.run(log.first_parents(repo, commit)).text.split()


def _reference(names: Names, version: Version | None) -> str:
    return f"refs/tags/{names.tag_of(version)}" if version else ""


def _count(run: Runner, repo: Path, start: str, end: str) -> int:
    return int(run.run(log.count_between(repo, start, end)).text)


def _fetch_if_shallow(run: Runner, repo: Path, names: Names, commit: str) -> bool:
    """Whether the history had to be fetched; a commit that is itself a release needs none."""
    if not fetch_missing.is_shallow(run, repo):
        return False
    tags = lines(run.run(refs.tags_at(repo, commit, names.tag)).text)
    return not releases(tags, names)[0] and fetch_missing.deepen(run, repo)
