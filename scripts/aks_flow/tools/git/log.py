"""git: commits below commits: how many, whose parents, what they say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.git import ENGLISH, NO_OBJECT, git

ALL = 1_000_000  # commits: a depth that no history has, short of the one that deepens other branches too
_TRAILER = "%(trailers:key={},valueonly,separator=%x20)"
_TRAILERS = {  # by PastCommit's field
    "source": "Source-Commit",
    "restores": "Restores",
    "image": "Image",
    "digest": "Digest",
    "run": "Run",
    "others": "With",
    "environment": "Environment",
    "approved_by": "Approved-By",
}
FIELDS = "%x00".join(["%H", *map(_TRAILER.format, _TRAILERS.values()), "%ct", "%an"])


@dataclass(frozen=True)
class PastCommit:
    """A commit of the GitOps branch, and what its trailers say ("" for those it does not have).

    when: seconds since the epoch. who: its author. others: the images besides ``image``, with their digests.
    """

    commit: str
    source: str
    restores: str
    image: str = ""
    digest: str = ""
    run: str = ""
    when: int = 0
    who: str = ""
    others: str = ""
    environment: str = ""
    approved_by: str = ""

    @property
    def version(self) -> str:
        return self.image.rpartition(":")[2]

    @property
    def digests(self) -> frozenset[str]:
        """Of all images of the version."""
        return frozenset(re.findall("sha256:[0-9a-f]{64}", f"{self.digest} {self.others}"))


@dataclass(frozen=True)
class LineCommit:
    """A commit of a branch's own line."""

    commit: str
    parents: tuple[str, ...]
    subject: str


def history(repo: Path, commit: str, paths: Iterable[str] = (), count: int = ALL) -> Command:
    """The commits at and below one, newest first, that changed any of ``paths``; for `parse_history`."""
    options = flags(first_parent=True, no_show_signature=True, max_count=count, format=FIELDS)
    return git(repo, "log", *options, commit, "--", *paths, reads=True, env=ENGLISH)


@reads("git")
def parse_history(text: str) -> list[PastCommit]:
    return [past_commit(line) for line in text.split("\n") if line]


def past_commit(line: str) -> PastCommit:
    """Of a line of FIELDS."""
    commit, *texts, when, who = line.split("\0")
    return PastCommit(commit, **dict(zip(_TRAILERS, texts, strict=True)), when=int(when), who=who)


def times(repo: Path, commits: Iterable[str]) -> Command:
    """When commits were made (one at least), of those that are here; for `parse_times`."""
    options = flags(no_walk=True, ignore_missing=True, no_show_signature=True, format="%H %ct")
    return git(repo, "log", *options, "--stdin", reads=True, stdin="\n".join(commits), env=ENGLISH)


@reads("git")
def parse_times(text: str) -> dict[str, int]:
    """Seconds since the epoch, by commit."""
    return {commit: int(when) for commit, when in (line.split() for line in text.splitlines())}


def last_change(repo: Path, commit: str, path: str) -> Command:
    """When the newest commit at or below one that changed a path was made: seconds since the epoch."""
    options = flags(max_count=1, no_show_signature=True, format="%ct")
    return git(repo, "log", *options, commit, "--", path, reads=True, env=ENGLISH)


def subjects(repo: Path, old: str, new: str) -> Command:
    """One line for each commit that came after ``old`` up to ``new``."""
    options = flags(no_show_signature=True, no_color=True, format="%h %s")
    return git(repo, "log", *options, f"{old}..{new}", "--", reads=True, env=ENGLISH, ok=(0, NO_OBJECT))


def messages(repo: Path, start: str, end: str) -> Command:
    """Hash and message of the commits that ``end`` has and ``start`` ("": nothing) lacks, merges left out."""
    less = [f"^{start}"] if start else []
    options = flags(no_merges=True, no_show_signature=True, no_color=True, format="tformat:%H%x00%B%x00%x00")
    return git(repo, "log", *options, end, *less, "--", reads=True)


def graph(repo: Path, since: str, count: int) -> Command:
    """The newest commits that are not below ``since``, of all branches and tags, drawn as a graph."""
    options = flags(graph=True, oneline=True, decorate="short", no_color=True, max_count=count)
    return git(repo, "log", *options, *flags(branches=True, tags=True), f"^{since}", reads=True)


def commit_time(repo: Path) -> Command:
    """HEAD's, in ISO 8601."""
    return git(repo, "log", *flags(max_count=1, format="%cI"), "HEAD", reads=True)


def count_between(repo: Path, start: str, end: str) -> Command:
    """How many commits ``end`` has that ``start`` lacks; start: "" for nothing."""
    less = [f"^{start}"] if start else []
    return git(repo, "rev-list", *flags(count=True), end, *less, reads=True)


def first_parents(repo: Path, *commits: str) -> Command:
    """A branch's own line of commits, newest first; of several, all lines together."""
    return git(repo, "rev-list", *flags(first_parent=True), *commits, reads=True)


def line_with_subjects(repo: Path, *commits: str) -> Command:
    """The same, oldest first, each with its parents and its subject; for `parse_line`."""
    form = flags(format="tformat:%H%x00%P%x00%s", no_show_signature=True, no_color=True)
    words = flags(first_parent=True, topo_order=True, reverse=True)
    return git(repo, "log", "-z", *words, *form, *commits, "--", reads=True)


@reads("git")
def parse_line(text: str) -> list[LineCommit]:
    fields = text.split("\0")[:-1]
    triples = zip(fields[::3], fields[1::3], fields[2::3], strict=True)
    return [LineCommit(commit, tuple(parents.split()), subject) for commit, parents, subject in triples]


def parents(repo: Path, commit: str) -> Command:
    """The commit's own hash and its parents', in one line."""
    return git(repo, "rev-list", *flags(parents=True, max_count=1), commit, reads=True)


def is_ancestor(repo: Path, old: str, new: str) -> Command:
    """Exit code 0 if it is, 1 if not."""
    return git(repo, "merge-base", *flags(is_ancestor=True), old, new, reads=True, env=ENGLISH, ok=(0, 1))
