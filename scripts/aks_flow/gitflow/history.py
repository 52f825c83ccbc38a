"""A commit's history -> the facts that its version is derived from, complete also in a shallow clone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow import branch_of as places
from aks_flow.gitflow import fetch_missing
from aks_flow.gitflow import names as naming
from aks_flow.gitflow.branch_of import Place
from aks_flow.gitflow.names import RELEASE, Names
from aks_flow.gitflow.version import Facts, Version
from aks_flow.tools.git import log, refs


@dataclass(frozen=True)
class Found:
    """The facts, and how they came about.

    since: what N counts from, in words. ignored: tags below the commit that are no version. fetched: True if
    the clone was shallow and its history had to be fetched.
    """

    facts: Facts
    place: Place
    since: str
    ignored: tuple[str, ...]
    fetched: bool


def of_head(run: Runner, repo: Path, commit: str, branch: str, variables: Mapping[str, str]) -> Found:
    """HEAD's; commit and branch as `git status` gives them. AksFlowError if its history cannot be had."""
    names = naming.read(run, repo)
    fetched = _complete(run, repo, names, commit)
    place = places.of_head(run, repo, names, commit, branch, variables)
    return _found(run, repo, names, commit, place, fetched)


def of_commit(run: Runner, repo: Path, commit: str, branch: str = "") -> Found:
    """Any commit's, on ``branch`` or on the one that is found to hold it."""
    names = naming.read(run, repo)
    fetched = _complete(run, repo, names, commit)
    place = Place(commit, branch, "as named") if branch else places.of_commit(run, repo, names, commit)
    return _found(run, repo, names, commit, place, fetched)


def releases(tags: Iterable[str], names: Names) -> tuple[list[Version], tuple[str, ...]]:
    """The released versions among tags in ascending order, and the tags that are no version."""
    versions, ignored = [], []
    for tag in tags:
        try:
            versions.append(Version.parse(tag.removeprefix(names.tag)))
        except AksFlowError:
            ignored.append(tag)
    return sorted(version for version in versions if not version.prerelease), tuple(ignored)


def previous(run: Runner, repo: Path, facts: Facts) -> str:
    """The tag of the release before the commit's own if it is one, else of the last below it; "" for none."""
    names = naming.read(run, repo)
    tags = run.run(refs.tags_below(repo, facts.commit, names.tag)).text.split()
    versions, _ = releases(tags, names)
    below = [version for version in versions if facts.distance or version != facts.last]
    return _reference(names, below[-1] if below else None)


def _found(run: Runner, repo: Path, names: Names, commit: str, place: Place, fetched: bool) -> Found:
    tags = run.run(refs.tags_below(repo, place.counted, names.tag)).text.split()
    versions, ignored = releases(tags, names)
    last = versions[-1] if versions else None
    distance = _count(run, repo, _reference(names, last), place.counted)
    start, since = _start(run, repo, names, place, versions)
    count = distance if start == _reference(names, last) else _count(run, repo, start, place.counted)
    facts = Facts(commit, names.standard(place.branch), last, distance, count=count)
    return Found(facts, place, since, ignored, fetched)


def _start(run: Runner, repo: Path, names: Names, place: Place, versions: list[Version]) -> tuple[str, str]:
    """What N counts from, as a name for git ("": the first commit) and in words."""
    kind = names.kind(place.branch)
    fork = _fork(run, repo, names, place.counted) if kind == RELEASE else ""
    if fork:
        return fork, f"where it left {names.develop} ({fork[:12]})"
    if not versions:
        return "", "the first commit"
    own = kind in (RELEASE, naming.HOTFIX)
    line = [one for one in versions if (one.major, one.minor) == (versions[-1].major, versions[-1].minor)]
    chosen = versions[-1] if own else line[0]
    return _reference(names, chosen), names.tag_of(chosen)


def _fork(run: Runner, repo: Path, names: Names, commit: str) -> str:
    """Where a release left develop: the two branches' own lines, so that a merge back does not move it."""
    line = {one for tip in fetch_missing.develop(run, repo, names) for one in _line(run, repo, tip)}
    return next((one for one in _line(run, repo, commit) if one in line), "") if line else ""


def _line(run: Runner, repo: Path, commit: str) -> list[str]:
    return run.run(log.first_parents(repo, commit)).text.split()


def _reference(names: Names, version: Version | None) -> str:
    return f"refs/tags/{names.tag_of(version)}" if version else ""


def _count(run: Runner, repo: Path, start: str, end: str) -> int:
    return int(run.run(log.count_between(repo, start, end)).text)


def _complete(run: Runner, repo: Path, names: Names, commit: str) -> bool:
    """Whether history had to be fetched; a commit that is itself a release needs none."""
    if not fetch_missing.is_shallow(run, repo):
        return False
    tags = run.run(refs.tags_at(repo, commit, names.tag)).text.split()
    return not releases(tags, names)[0] and fetch_missing.deepen(run, repo)
