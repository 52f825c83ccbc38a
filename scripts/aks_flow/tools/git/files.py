"""git: the files of a work tree: those that it tracks, and those that it would."""

from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.tools.git import git

_SUBMODULE = "160000"


def tracked(repo: Path) -> Command:
    """Mode, hash, stage and path of each file in the index."""
    return git(repo, "ls-files", "-z", *flags(stage=True), reads=True)


def parse_tracked(text: str) -> dict[str, bool]:
    """By path: whether it is a submodule. A file in conflict is named once."""
    entries = (entry.partition("\t") for entry in text.split("\0") if entry)
    return {path: facts.startswith(_SUBMODULE) for facts, _, path in entries}


def allow_absence(repo: Path, paths: list[str]) -> Command:
    """Have git take the paths for unchanged where they are not there."""
    return git(repo, "update-index", *flags(skip_worktree=True), "--", *paths)


def untracked(repo: Path) -> Command:
    """The paths of what `git add` would take."""
    return git(repo, "ls-files", "-z", *flags(others=True, exclude_standard=True), reads=True)


def in_lfs(repo: Path) -> Command:
    """The paths of the files that Git LFS stores elsewhere."""
    return git(repo, "ls-files", "-z", "--", ":(attr:filter=lfs)", reads=True)


def parse_paths(text: str) -> list[str]:
    return [path for path in text.split("\0") if path]


def changed(repo: Path, paths: list[str]) -> Command:
    """Those of the paths that are not as they were committed, or never were."""
    return git(repo, "status", "-z", *flags(porcelain="v1"), "--", *paths, reads=True)


def parse_changed(text: str) -> list[str]:
    """The paths behind two letters and a space."""
    return [entry[3:] for entry in text.split("\0") if entry]
