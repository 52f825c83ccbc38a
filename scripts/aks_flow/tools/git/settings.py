"""git: the configuration, and who commits by it."""

from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.tools.git import ENGLISH, NO_OBJECT, git


def matching(repo: Path, pattern: str) -> Command:
    """The entries whose keys match; exit code 1 if there are none."""
    return git(repo, "config", *flags(null=True, get_regexp=True), pattern, reads=True, ok=(0, 1))


def parse_matching(text: str) -> dict[str, str]:
    """By key, in lower case; the last of several wins, as in git."""
    entries = (entry.partition("\n") for entry in text.split("\0") if entry)
    return {key: value for key, _, value in entries}


def parse_all(text: str) -> dict[str, list[str]]:
    """As `parse_matching`, with all values of each key."""
    values: dict[str, list[str]] = {}
    for key, _, value in (entry.partition("\n") for entry in text.split("\0") if entry):
        values.setdefault(key, []).append(value)
    return values


def change(repo: Path, key: str, value: str) -> Command:
    """Set a key of the repository's own configuration."""
    return git(repo, "config", key, value)


def signs_commits(repo: Path) -> Command:
    """``true`` or ``false``."""
    words = ("config", *flags(type="bool", default="false", get=True), "commit.gpgsign")
    return git(repo, *words, reads=True, env=ENGLISH)


def identity(repo: Path) -> Command:
    """Exit code 128 unless somebody has said who commits here; git's guess from the host's name is none."""
    words = ("-c", "user.useConfigOnly=true", "var", "GIT_COMMITTER_IDENT")
    return git(repo, *words, reads=True, env=ENGLISH, ok=(0, NO_OBJECT))
