"""git: the branches of one's own: made and removed."""

from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.tools.git import git


def is_valid_name(repo: Path, branch: str) -> Command:
    """Exit code 1 if no branch can have the name."""
    return git(repo, "check-ref-format", f"refs/heads/{branch}", reads=True, ok=(0, 1))


def create(repo: Path, branch: str, base: str) -> Command:
    """Make a branch and check it out."""
    return git(repo, "checkout", *flags(quiet=True, no_track=True), "-b", branch, base)


def track(repo: Path, remote: str, branch: str) -> Command:
    """Make a branch where the remote has it."""
    return git(repo, "branch", *flags(quiet=True, track=True), branch, f"refs/remotes/{remote}/{branch}")


def remove(repo: Path, branch: str) -> Command:
    return git(repo, "branch", *flags(quiet=True, delete=True, force=True), branch)
