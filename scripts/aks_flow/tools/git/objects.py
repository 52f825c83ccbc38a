"""git plumbing: objects, a remote's branch, history; argument lists and parsers.

Writing an object changes nothing that anyone sees, so those commands count as reading; only `push` does not.
Answers are asked for in English, since refusals are told apart by their words.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command

ANY = range(256)
NO_OBJECT = 128  # git's exit code for a name that leads to no object
EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"  # in every repository whose hashes are SHA-1
ALL = 1_000_000  # commits: a depth that no history has, short of the one that deepens other branches too
_ENGLISH = {"LC_ALL": "C"}
_NO_PROMPT = {**_ENGLISH, "GIT_TERMINAL_PROMPT": "0"}
_TRAILER = "%(trailers:key={},valueonly,separator=%x20)"


@dataclass(frozen=True)
class Entry:
    """One entry of a tree, without its name. mode: six octal digits. kind: blob, tree or commit."""

    mode: str
    kind: str
    hash: str


@dataclass(frozen=True)
class Past:
    """A commit of the branch, and what its trailers say ("" for those it does not have)."""

    commit: str
    source: str
    restores: str


def folder(tree: str) -> Entry:
    return Entry("040000", "tree", tree)


def file(blob: str) -> Entry:
    return Entry("100644", "blob", blob)


def _git(repo: Path, *words: object, **rest) -> Command:
    return command("git", "-C", repo, *words, **{"reads": True, "env": _ENGLISH, **rest})


def is_shallow(repo: Path) -> Command:
    """``true`` or ``false``; exit code 128 outside of a repository."""
    return _git(repo, "rev-parse", "--is-shallow-repository", ok=ANY)


def remotes(repo: Path) -> Command:
    return _git(repo, "remote")


def ls_remote(repo: Path, remote: str, branch: str) -> Command:
    return _git(repo, "ls-remote", remote, f"refs/heads/{branch}", env=_NO_PROMPT, ok=ANY)


def parse_ls_remote(text: str) -> str:
    """The branch's commit, or "" if there is no such branch."""
    return text.partition("\t")[0].strip()


def fetch(repo: Path, remote: str, commit: str, depth: int = 0) -> Command:
    """Bring a commit here and leave no trace of it but its objects: no ref, no FETCH_HEAD, no tags.

    depth: how many commits of its history come along; 0 for all that the repository lacks.
    """
    flags = ["--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules"]
    flags += [f"--depth={depth}"] if depth else []
    return _git(repo, "fetch", "--quiet", *flags, remote, commit, env=_NO_PROMPT, ok=ANY)


def resolve(repo: Path, name: str) -> Command:
    """The commit that a name means; exit code 128 if it means none."""
    words = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    return _git(repo, *words, ok=(0, 1, NO_OBJECT))


def is_ancestor(repo: Path, old: str, new: str) -> Command:
    """Exit code 0 if it is, 1 if not."""
    return _git(repo, "merge-base", "--is-ancestor", old, new, ok=(0, 1))


def entries(repo: Path, tree: str) -> Command:
    """A tree's entries; exit code 128 if there is no such tree here."""
    return _git(repo, "ls-tree", "-z", tree, ok=(0, NO_OBJECT))


def parse_entries(text: str) -> dict[str, Entry]:
    """By name, in git's order."""
    found = (line.partition("\t") for line in text.split("\0") if line)
    return {name: Entry(*facts.split()) for facts, _, name in found}


def make_tree(repo: Path, entries: Mapping[str, Entry]) -> Command:
    lines = (f"{entry.mode} {entry.kind} {entry.hash}\t{name}\0" for name, entry in entries.items())
    return _git(repo, "mktree", "-z", stdin="".join(lines))


def read_objects(repo: Path, names: Iterable[str]) -> Command:
    return _git(repo, "cat-file", "--batch", stdin="".join(f"{name}\n" for name in names))


def parse_objects(answer: bytes) -> list[bytes | None]:
    """Each object's content in the order asked for; None for one that does not exist."""
    found: list[bytes | None] = []
    while answer:
        header, _, answer = answer.partition(b"\n")
        if header.endswith(b" missing"):
            found.append(None)
            continue
        size = int(header.rpartition(b" ")[2])
        found.append(answer[:size])
        answer = answer[size + 1 :]
    return found


def store(repo: Path, content: bytes) -> Command:
    return _git(repo, "hash-object", "-w", "--stdin", stdin=content)


def signs(repo: Path) -> Command:
    return _git(repo, "config", "--type=bool", "--default=false", "--get", "commit.gpgsign")


def identity(repo: Path) -> Command:
    """Exit code 128 unless somebody has said who commits here; git's guess from the host's name is none."""
    return _git(repo, "-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT", ok=(0, 128))


def commit_tree(
    repo: Path, tree: str, parent: str, message: str, sign: bool, author: Mapping[str, str]
) -> Command:
    """A commit without a branch. parent: "" for a first commit. author: variables of the environment."""
    flags = (["-p", parent] if parent else []) + (["-S"] if sign else [])
    return _git(repo, "commit-tree", *flags, tree, stdin=message, env={**_ENGLISH, **author}, ok=ANY)


def push(repo: Path, remote: str, commit: str, branch: str) -> Command:
    """Move the remote's branch forward to a commit, or be refused: never by force."""
    flags = ("--porcelain", "--no-follow-tags", "--no-recurse-submodules")
    words = ("push", *flags, remote, f"{commit}:refs/heads/{branch}")
    return _git(repo, *words, env=_NO_PROMPT, ok=ANY, reads=False)


def history(repo: Path, commit: str, paths: Iterable[str] = (), count: int = ALL) -> Command:
    """The commits at and below one, newest first, that changed any of ``paths``."""
    fields = "%x00".join(["%H", _TRAILER.format("Source-Commit"), _TRAILER.format("Restores")])
    flags = ("--first-parent", "--no-show-signature", f"--max-count={count}", f"--format={fields}")
    return _git(repo, "log", *flags, commit, "--", *paths)


def last_change(repo: Path, commit: str, path: str) -> Command:
    """When the newest commit at or below one that changed a path was made: seconds since the epoch."""
    return _git(repo, "log", "--max-count=1", "--no-show-signature", "--format=%ct", commit, "--", path)


def parse_history(text: str) -> list[Past]:
    return [Past(*line.split("\0")) for line in text.splitlines() if line]


def subjects(repo: Path, old: str, new: str) -> Command:
    """One line for each commit that came after ``old`` up to ``new``."""
    flags = ("--no-show-signature", "--no-color", "--format=%h %s")
    return _git(repo, "log", *flags, f"{old}..{new}", "--", ok=(0, NO_OBJECT))


def changed_files(repo: Path, old: str, new: str) -> Command:
    """The paths in which two trees differ, one a line."""
    return _git(repo, "diff-tree", "-r", "--name-only", old, new)


def diff(repo: Path, old: str, new: str) -> Command:
    """The difference of two trees, as text."""
    return _git(repo, "diff", "--no-color", "--no-ext-diff", old, new)
