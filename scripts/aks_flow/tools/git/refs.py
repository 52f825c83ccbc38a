"""git: names of tags and branches, and which commits they lead to; argument lists and a parser."""

from pathlib import Path

from aks_flow.core.command import Command, command


def _refs(repo: Path, *words: str) -> Command:
    return command("git", "-C", repo, "for-each-ref", *words, reads=True)


def tags_below(repo: Path, commit: str, prefix: str) -> Command:
    """The tags at or below a commit that begin with a prefix, one a line."""
    return _refs(repo, f"--merged={commit}", "--format=%(refname:strip=2)", f"refs/tags/{prefix}*")


def tags(repo: Path, prefix: str) -> Command:
    """All tags that begin with a prefix, one a line."""
    return _refs(repo, "--format=%(refname:strip=2)", f"refs/tags/{prefix}*")


def tags_at(repo: Path, commit: str, prefix: str) -> Command:
    return _refs(repo, f"--points-at={commit}", "--format=%(refname:strip=2)", f"refs/tags/{prefix}*")


def branches(repo: Path) -> Command:
    """The full names of all branches, here and at origin."""
    return _refs(repo, "--format=%(refname)", "refs/heads", "refs/remotes/origin")


def branches_at(repo: Path, commit: str) -> Command:
    """The branches, here and at origin, that end at a commit."""
    return _refs(repo, f"--points-at={commit}", "--format=%(refname)", "refs/heads", "refs/remotes/origin")


def branches_with(repo: Path, commit: str) -> Command:
    """The branches, here and at origin, that contain a commit."""
    return _refs(repo, f"--contains={commit}", "--format=%(refname)", "refs/heads", "refs/remotes/origin")


def parse_branches(text: str) -> set[str]:
    """Full names of branches -> their names, the same for a branch and its copy at origin."""
    names = (line.removeprefix("refs/heads/").removeprefix("refs/remotes/origin/") for line in text.split())
    return {name for name in names if name != "HEAD"}
