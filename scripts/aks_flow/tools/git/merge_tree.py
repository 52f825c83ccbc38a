"""git: what a merge would give, without a work tree; argument lists and a parser."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from aks_flow.core.command import Command, command

CONFLICT = 1


def _git(repo: Path, *words: object, **rest) -> Command:
    return command("git", "-C", repo, *words, **rest)


def merge_tree(repo: Path, base: str, head: str) -> Command:
    """Merge two commits into a tree (git 2.38); exit code 1 on a conflict."""
    words = ("merge-tree", "--write-tree", "--name-only", "--no-messages", base, head)
    return _git(repo, *words, reads=True, ok=(0, CONFLICT))


def parse_merge_tree(text: str) -> tuple[str, list[str]]:
    """The tree, and the files in conflict."""
    tree, *files = text.split("\n")
    return tree.strip(), sorted({file for file in files if file})


def merge_commit(
    repo: Path, tree: str, parents: Iterable[str], message: str, author: Mapping[str, str]
) -> Command:
    flags = [word for parent in parents for word in ("-p", parent)]
    return _git(repo, "commit-tree", *flags, "-m", message, tree, env=author)


def update_ref(repo: Path, ref: str, commit: str) -> Command:
    return _git(repo, "update-ref", ref, commit)
