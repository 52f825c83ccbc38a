"""git: the work tree and the index: their state, what is checked out, what is committed from them."""

import re
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.git import ENGLISH, NO_OBJECT, git, lines

_BEFORE = {"1": 8, "2": 9, "u": 10, "?": 1}  # fields before a path: https://git-scm.com/docs/git-status
_OWN_CHANGES = re.compile(r"S.(M.|.U)")  # a submodule's


@dataclass(frozen=True)
class WorkTreeStatus:
    """The commit's hash ("" before the first), the branch ("" if detached), the paths that are changed.

    submodules: those with changes of their own, which no tree of this repository holds.
    """

    commit: str
    branch: str
    changed: tuple[str, ...]
    submodules: tuple[str, ...] = ()


def top(repo: Path) -> Command:
    """The folder of the work tree; exit code 128 where git has none."""
    return git(repo, "rev-parse", *flags(show_toplevel=True), reads=True, env=ENGLISH, ok=(0, NO_OBJECT))


def status(repo: Path) -> Command:
    return git(repo, "status", *flags(porcelain="v2", branch=True), reads=True)


@reads("git")
def parse_status(text: str) -> WorkTreeStatus:
    heads = dict(line[2:].split(" ", 1) for line in lines(text) if line.startswith("# branch."))
    commit, branch = heads["branch.oid"], heads["branch.head"]
    changes = [line.split(" ", _BEFORE[line[0]]) for line in lines(text) if not line.startswith("#")]
    own = [entry for entry in changes if entry[0] == "1" and _OWN_CHANGES.fullmatch(entry[2])]
    changed = tuple(path.partition("\t")[0] for *_, path in changes)  # a file that was moved has two
    commit, branch = ("" if commit == "(initial)" else commit), ("" if branch == "(detached)" else branch)
    return WorkTreeStatus(commit, branch, changed, tuple(path for *_, path in own))


def read_tree(repo: Path, index: Path) -> Command:
    """Make an index of its own from HEAD."""
    return git(repo, "read-tree", "HEAD", reads=True, env={"GIT_INDEX_FILE": str(index)})


def stage(repo: Path, index: Path) -> Command:
    """Put the work tree into an index of its own (made from HEAD's): the person's is not touched."""
    return git(repo, "add", *flags(all=True), "--", ".", reads=True, env={"GIT_INDEX_FILE": str(index)})


def write_tree(repo: Path, index: Path) -> Command:
    """The hash of an index's tree."""
    return git(repo, "write-tree", reads=True, env={"GIT_INDEX_FILE": str(index)})


def checkout(repo: Path, branch: str) -> Command:
    return git(repo, "checkout", *flags(quiet=True), branch)


def checkout_new(repo: Path, branch: str, start: str) -> Command:
    """Check a branch out at ``start``, whether it is there or not."""
    return git(repo, "checkout", *flags(quiet=True), "-B", branch, start)


def detach(repo: Path, commit: str) -> Command:
    return git(repo, "checkout", *flags(quiet=True, detach=True), commit)


def rebase(repo: Path, base: str) -> Command:
    """Make the commits of what is checked out anew, on another commit."""
    return git(repo, "rebase", *flags(quiet=True, no_ff=True), base)


def add(repo: Path, file: Path) -> Command:
    return git(repo, "add", "--", file)


def commit_all(repo: Path, message: str) -> Command:
    return git(repo, "commit", *flags(quiet=True, all=True), "-m", message)


def revert_head(repo: Path) -> Command:
    """Commit the opposite of the newest commit."""
    return git(repo, "revert", *flags(no_edit=True), "HEAD")
