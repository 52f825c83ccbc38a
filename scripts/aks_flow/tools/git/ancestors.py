"""git: commits and those below them: how many, whose parents, in which line."""

from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.git import ENGLISH, git


@dataclass(frozen=True)
class LineCommit:
    """A commit of a branch's own line."""

    commit: str
    parents: tuple[str, ...]
    subject: str


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
