"""git: blobs, trees and commits, read and written without a work tree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.git import ANY, ENGLISH, NO_OBJECT, git

_AS_COMMITTED = {**ENGLISH, "GIT_NO_REPLACE_OBJECTS": "1"}
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # in every repository whose hashes are SHA-1


@dataclass(frozen=True)
class TreeEntry:
    """One entry of a tree, without its name. mode: six octal digits. kind: blob, tree or commit."""

    mode: str
    kind: str
    hash: str


def folder(tree: str) -> TreeEntry:
    return TreeEntry("040000", "tree", tree)


def file(blob: str) -> TreeEntry:
    return TreeEntry("100644", "blob", blob)


def entries(repo: Path, tree: str) -> Command:
    """A tree's entries; exit code 128 if there is no such tree here."""
    return _objects(repo, "ls-tree", "-z", tree, ok=(0, NO_OBJECT))


@reads("git")
def parse_entries(text: str) -> dict[str, TreeEntry]:
    """By name, in git's order."""
    lines = (line.partition("\t") for line in text.split("\0") if line)
    return {name: TreeEntry(*facts.split()) for facts, _, name in lines}


def tree(repo: Path, folder: str, commit: str = "HEAD") -> Command:
    """The hash of a folder's tree, as committed; exit code 1 if the commit has no such folder."""
    return git(repo, "rev-parse", *flags(verify=True, quiet=True), f"{commit}:{folder}", reads=True)


def kinds(repo: Path, paths: Iterable[str], commit: str) -> Command:
    """What is at several paths of a commit, for `parse_kinds` and `parse_trees`."""
    names = "".join(f"{commit}:{path}\n" for path in paths)
    return _objects(repo, "cat-file", *flags(batch_check=True), stdin=names)


@reads("git")
def parse_kinds(text: str) -> list[str]:
    """blob, tree or commit, in the order asked for; "" for a path that the commit does not have."""
    return [fact[1] if len(fact) == 3 else "" for fact in _facts(text)]


@reads("git")
def parse_trees(text: str) -> list[str]:
    """The hashes of trees, in the order asked for; "" for what is none."""
    return [fact[0] if fact[1] == "tree" else "" for fact in _facts(text)]


def _facts(text: str) -> list[list[str]]:
    """[hash, kind, size], or [name, "missing"]."""
    lines = (line.rpartition(" ") for line in text.splitlines())
    return [[name, last] if last == "missing" else [*name.split(" "), last] for name, _, last in lines]


def files(repo: Path, tree: str) -> Command:
    """What lies in a tree and its folders, by path, for `parse_entries`; nothing that is replaced here."""
    return _objects(repo, "ls-tree", "-r", "-z", *flags(full_tree=True), tree, env=_AS_COMMITTED)


def read_objects(repo: Path, names: Iterable[str]) -> Command:
    """Their contents, for `parse_objects`."""
    return _objects(repo, "cat-file", *flags(batch=True), stdin="".join(f"{name}\n" for name in names))


def read_as_committed(repo: Path, hashes: Iterable[str]) -> Command:
    """As `read_objects`, of objects as they were committed, whatever replaces them here (`git replace`)."""
    return replace(read_objects(repo, hashes), env=_AS_COMMITTED)


@reads("git", private=True)
def parse_objects(answer: bytes) -> list[bytes | None]:
    """Each object's content in the order asked for; None for one that does not exist."""
    contents: list[bytes | None] = []
    start = 0
    while start < len(answer):
        end = answer.index(b"\n", start)
        header, start = answer[start:end], end + 1
        if header.endswith(b" missing"):
            contents.append(None)
            continue
        size = int(header.rpartition(b" ")[2])
        contents.append(answer[start : start + size])
        start += size + 1
    return contents


def store(repo: Path, content: bytes) -> Command:
    """Write a blob; prints its hash, as the next two do."""
    return _objects(repo, "hash-object", "-w", *flags(stdin=True), stdin=content)


def make_tree(repo: Path, entries: Mapping[str, TreeEntry]) -> Command:
    lines = (f"{entry.mode} {entry.kind} {entry.hash}\t{name}\0" for name, entry in entries.items())
    return _objects(repo, "mktree", "-z", stdin="".join(lines))


def commit_tree(
    repo: Path, tree: str, parent: str, message: str, sign: bool, author: Mapping[str, str]
) -> Command:
    """A commit without a branch. parent: "" for a first commit. author: variables of the environment."""
    options = (*(("-p", parent) if parent else ()), *flags(gpg_sign=sign))
    return _objects(repo, "commit-tree", *options, tree, stdin=message, env={**ENGLISH, **author}, ok=ANY)


def changed_files(repo: Path, old: str, new: str) -> Command:
    """The paths in which two trees differ, one a line."""
    return _objects(repo, "diff-tree", "-r", *flags(name_only=True), old, new)


def diff(repo: Path, old: str, new: str) -> Command:
    """The difference of two trees, as text."""
    return _objects(repo, "diff", *flags(no_color=True, no_ext_diff=True), old, new)


def _objects(repo: Path, *words: object, env: Mapping[str, str] = ENGLISH, **settings) -> Command:
    return git(repo, *words, reads=True, env=env, **settings)


def commit_time(repo: Path) -> Command:
    """HEAD's, in ISO 8601."""
    return git(repo, "log", *flags(max_count=1, format="%cI"), "HEAD", reads=True)
