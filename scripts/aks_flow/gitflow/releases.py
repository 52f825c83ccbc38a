"""A repository's releases: those that are tagged, those that main has by a merge, and those that are open."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitflow import ancestry, merge_subjects
from aks_flow.gitflow.names import Names
from aks_flow.gitflow.version import Version
from aks_flow.tools.git import ancestors, objects, refs
from aks_flow.tools.git.ancestors import LineCommit

_LIKE_A_VERSION = re.compile(r".*?(?<![\d.])\d+\.\d+\.\d+", re.ASCII)


@dataclass(frozen=True)
class ReleaseFact:
    """A release or a hotfix.

    tops: the last commits of what it is made of: of an open one its branch's tips, of a merge the merge and
    what it brought. by_branch: whether a branch of its own led there. why: what says that it is one.
    """

    version: Version
    tops: tuple[str, ...]
    by_branch: bool
    why: str

    @property
    def commit(self) -> str:
        return self.tops[0]


@dataclass(frozen=True)
class Releases:
    """final: the released ones, by version. open: those that have a branch and are not released.

    branches: where each branch ends, here and at origin: either may be ahead.
    again: commits that are a release of ``final`` too: merges of what was tagged already. ignored: tags that
    are no release. unprefixed: tags that are versions but for the prefix.
    """

    final: Mapping[Version, ReleaseFact]
    open: Mapping[Version, ReleaseFact]
    branches: Mapping[str, list[str]] = field(default_factory=dict)
    again: Mapping[str, Version] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    unprefixed: tuple[str, ...] = ()

    def at(self, commit: str) -> ReleaseFact | None:
        """The release that a commit is, the highest if it is several."""
        there = [version for version, release in self.final.items() if release.commit == commit]
        version = max(there, default=self.again.get(commit))
        return self.final[version] if version else None

    def forwarded(self, commit: str, last: ReleaseFact | None) -> ReleaseFact | None:
        """The open release that a commit of main is the end of: a fast-forward leaves no other trace.

        last: the one before it, which it must be above.
        """
        ends = [release for release in self.open.values() if commit in release.tops]
        above = [release for release in ends if last is None or release.version > last.version]
        newest = max(above, key=lambda release: release.version, default=None)
        return newest and replace(newest, why=f"main was fast-forwarded: {newest.why}, and ends there")

    def newest_first(self) -> list[ReleaseFact]:
        """The open ones too."""
        releases = [*self.final.values(), *self.open.values()]
        return sorted(releases, key=lambda release: release.version, reverse=True)

    def beginning(self, version: Version) -> ReleaseFact | None:
        """The released one that began the version's minor series."""
        series = [final for final in self.final if final.core[:2] == version.core[:2]]
        return self.final[min(series)] if series else None

    def beginning_below(self, version: Version) -> ReleaseFact | None:
        """The same for the highest released version below this one."""
        below = [final for final in self.final if final < version]
        return self.beginning(max(below)) if below else None


def read(run: Runner, repo: Path, names: Names, *commits: str) -> Releases:
    """The releases that count for some commits: the tags at or below them, or at or below main."""
    branches = refs.parse_branch_tips(run.run(refs.branch_tips(repo)).text)
    main = branches.get(names.main, [])
    line = ancestors.parse_line(run.run(ancestors.line_with_subjects(repo, *main)).text) if main else []
    tags = refs.parse_tags_with_commits(run.run(refs.tags_with_commits(repo, *main, *commits)).text)
    versions, ignored, unprefixed = sort_tags(tags, names)
    tagged = {version: _tagged(version, names, tags, line) for version in versions}
    merges = list(_merges(names, branches, line))
    final = tagged | _merged(run, repo, tagged, merges)
    own = [merge for merge in merges if merge.commit in commits]
    open_ones, again = _open(names, branches, final), _again(run, repo, tagged, own)
    return Releases(final, open_ones, branches, again, ignored, unprefixed)


def sort_tags(tags: Iterable[str], names: Names) -> tuple[list[Version], tuple[str, ...], tuple[str, ...]]:
    """The released versions among tags in ascending order; see `Releases` for the other two."""
    versions, ignored, unprefixed = [], [], []
    for tag in tags:
        version = names.tagged_version(tag)
        if version and not version.prerelease:
            versions.append(version)
        elif names.tag and tag.startswith(names.tag):
            ignored.append(tag)
        elif _LIKE_A_VERSION.fullmatch(tag):
            unprefixed.append(tag)
    return sorted(versions), tuple(ignored), tuple(unprefixed)


def _tagged(version: Version, names: Names, tags: Mapping[str, str], line: list[LineCommit]) -> ReleaseFact:
    tag = names.tag_of(version)
    commit = tags[tag]
    there = next((entry for entry in line if entry.commit == commit), None)
    brought = there.parents[1:] if there else ()
    titled = there and merge_subjects.read(there.subject, names).version
    merged = any(commit in entry.parents[1:] for entry in line)
    return ReleaseFact(version, (commit, *brought), bool(brought or titled or merged), f"tag {tag}")


@dataclass(frozen=True)
class ReleaseMerge:
    """A commit of main's own line that brings a release. brought: what was merged, if it is a merge."""

    commit: str
    version: Version
    brought: tuple[str, ...]
    why: str


def _merges(
    names: Names, branches: Mapping[str, list[str]], line: list[LineCommit]
) -> Iterator[ReleaseMerge]:
    """All of them, the oldest first; the message says so, or an open branch ends in what was merged."""
    own = {tip: branch for branch, tips in branches.items() if names.own_version(branch) for tip in tips}
    for entry in line:
        subject, brought = merge_subjects.read(entry.subject, names), entry.parents[1:]
        if subject.version:
            why = f"its message says {entry.subject!r}"
            yield ReleaseMerge(entry.commit, subject.version, brought, why)
        elif not subject.branch and brought and brought[0] in own:
            branch = own[brought[0]]
            yield ReleaseMerge(entry.commit, names.own_version(branch), brought, f"it merges {branch}")


def _merged(
    run: Runner, repo: Path, tagged: Mapping[Version, ReleaseFact], merges: list[ReleaseMerge]
) -> dict[Version, ReleaseFact]:
    """Those of the merges that are releases without a tag: each is above all that main had before."""
    found: dict[Version, ReleaseFact] = {}
    for merge in merges:
        if merge.version in tagged or any(version >= merge.version for version in found):
            continue
        above = [release for version, release in tagged.items() if version > merge.version]
        if any(ancestry.contains(run, repo, merge.commit, release.commit) for release in above):
            continue
        why = f"{merge.commit[:12]} on main, not tagged yet: {merge.why}"
        found[merge.version] = ReleaseFact(merge.version, (merge.commit, *merge.brought), True, why)
    return found


def _again(
    run: Runner, repo: Path, tagged: Mapping[Version, ReleaseFact], merges: list[ReleaseMerge]
) -> dict[str, Version]:
    """Those of the merges that are a release which is tagged elsewhere, because they have its very files."""
    return {
        merge.commit: merge.version
        for merge in merges
        if merge.version in tagged and _same_files(run, repo, merge.commit, tagged[merge.version].commit)
    }


def _same_files(run: Runner, repo: Path, *commits: str) -> bool:
    return len({run.run(objects.tree(repo, "", commit)).text for commit in commits}) == 1


def _open(
    names: Names, branches: Mapping[str, list[str]], final: Mapping[Version, ReleaseFact]
) -> dict[Version, ReleaseFact]:
    releases: dict[Version, ReleaseFact] = {}
    for branch, tips in branches.items():
        version = names.own_version(branch)
        if version and version not in final:
            before = releases[version].tops if version in releases else ()
            releases[version] = ReleaseFact(version, (*before, *tips), True, f"{branch} is open")
    return releases


def refuse_two_branches(names: Names, branch: str, branches: Iterable[str]) -> None:
    """AksFlowError if another branch is to become the same version: both would give it to their commits."""
    version = names.own_version(branch)
    for other in sorted(branches):
        if version and other != branch and names.own_version(other) == version:
            what = f"{branch} and {other} are both to become {version}"
            raise AksFlowError(what, next_step="Rename one of them, or remove it here and at origin.")
