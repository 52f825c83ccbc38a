"""git log: what commits say, and when they were made."""

from collections.abc import Iterable
from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.git import ENGLISH, NO_OBJECT, git


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
