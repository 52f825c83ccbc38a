"""git: what a remote has at this moment, and on which host."""

import re
from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.git import ANY, NO_PROMPT, git, lines


def parse_host(text: str) -> str:
    """The host of a URL, also of the form ``USER@HOST:PATH``; "" for a path."""
    match = re.match(r"(?:\w+://(?:[^@/]*@)?|[^@/:]+@)(?P<host>[^:/]+)", text.strip())
    return match["host"] if match else ""


def ls_remote(repo: Path, remote: str, branch: str) -> Command:
    return git(repo, "ls-remote", "--", remote, f"refs/heads/{branch}", reads=True, env=NO_PROMPT, ok=ANY)


def parse_ls_remote(text: str) -> str:
    """The branch's commit, or "" if there is no such branch."""
    return text.partition("\t")[0].strip()


def all_refs(repo: Path, remote: str) -> Command:
    """What the remote has now, for `parse_all_refs`."""
    return git(repo, "ls-remote", *flags(refs=True), "--", remote, reads=True, env=NO_PROMPT, ok=ANY)


@reads("git")
def parse_all_refs(text: str) -> dict[str, str]:
    """Objects by full name: of an annotated tag the tag's own."""
    entries = (line.split("\t", 1) for line in lines(text))
    return {name: thing for thing, name in entries}
