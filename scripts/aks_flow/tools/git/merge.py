"""git: merges, in the work tree or without one."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.tools.git import ANY, ENGLISH, git

CONFLICT = 1


def merge(repo: Path, commit: str, message: str) -> Command:
    """Merge into the branch that is checked out; any exit code but 0 if it stopped."""
    return git(repo, "merge", *flags(quiet=True, no_ff=True), "-m", message, commit, ok=ANY)


def forward(repo: Path, commit: str) -> Command:
    """Move the branch that is checked out on to a commit that comes after it."""
    return git(repo, "merge", *flags(quiet=True, ff_only=True), commit)


def merge_theirs(repo: Path, ref: str, message: str) -> Command:
    """As `merge`; in a conflict their side wins."""
    return git(repo, "merge", *flags(quiet=True, no_ff=True, strategy_option="theirs"), "-m", message, ref)


def unmerged(repo: Path) -> Command:
    """The files in conflict, each ended by NUL."""
    return git(repo, "diff", *flags(name_only=True, diff_filter="U"), "-z", reads=True)


def merge_tree(repo: Path, base: str, head: str) -> Command:
    """Merge two commits into a tree (git 2.38); exit code 1 on a conflict."""
    words = ("merge-tree", *flags(write_tree=True, name_only=True, no_messages=True), base, head)
    return git(repo, *words, reads=True, ok=(0, CONFLICT))


def parse_merge_tree(text: str) -> tuple[str, list[str]]:
    """The tree, and the files in conflict."""
    tree, *files = text.split("\n")
    return tree.strip(), sorted({file for file in files if file})


def merge_commit(
    repo: Path, tree: str, parents: Iterable[str], message: str, author: Mapping[str, str], sign: bool = False
) -> Command:
    """A commit without a branch, above all of ``parents``; prints its hash."""
    options = [word for parent in parents for word in ("-p", parent)]
    words = (*options, *flags(gpg_sign=sign), "-m", message, tree)
    return git(repo, "commit-tree", *words, reads=True, env={**ENGLISH, **author})
