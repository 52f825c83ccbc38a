"""git: other repositories: what they are called, what is fetched from them and pushed to them."""

from collections.abc import Mapping
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.tools.git import ANY, ENGLISH, NO_PROMPT, git


def names(repo: Path) -> Command:
    return git(repo, "remote", reads=True, env=ENGLISH)


def origin(repo: Path) -> Command:
    """Where the repository was cloned from; nothing and exit code 2 if from nowhere."""
    return git(repo, "remote", "get-url", "origin", reads=True, ok=(0, 2))


def parse_url(text: str) -> str:
    """The URL without the user and password that it may carry; "" for a path: it means nothing elsewhere."""
    scheme, separator, address = text.strip().partition("://")
    if not separator or scheme == "file":
        return ""
    host, slash, path = address.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def clone(source: Path, target: Path) -> Command:
    """Without what a person has for all repositories: hooks, which check their own work, and signatures."""
    own = ["core.hooksPath=/dev/null", "commit.gpgSign=false", "tag.gpgSign=false"]
    options = flags(quiet=True, no_hardlinks=True, config=own)
    return command("git", "clone", *options, "--", source, target)


def is_shallow(repo: Path) -> Command:
    """``true`` or ``false``; exit code 128 outside of a repository."""
    return git(repo, "rev-parse", *flags(is_shallow_repository=True), reads=True, env=ENGLISH, ok=ANY)


def fetch(repo: Path, remote: str) -> Command:
    """Bring the remote's branches and tags; no branch of one's own moves."""
    return git(repo, "fetch", *flags(quiet=True, tags=True), "--", remote, ok=ANY, env=NO_PROMPT)


def fetch_all(repo: Path, remote: str, *options: str) -> Command:
    """Bring all branches, tags and their history, as a full clone has them; no branch of one's own moves."""
    refs = f"+refs/heads/*:refs/remotes/{remote}/*"
    words = (*flags(no_progress=True, tags=True, no_write_fetch_head=True), *options, "--", remote, refs)
    return git(repo, "fetch", *words, reads=True, ok=ANY, env=NO_PROMPT)


def fetch_tags(repo: Path, remote: str) -> Command:
    """Bring the remote's tags, with their history, and move no other ref."""
    options = flags(no_progress=True, no_write_fetch_head=True)
    words = ("fetch", *options, "--", remote, "refs/tags/*:refs/tags/*")
    return git(repo, *words, reads=True, ok=ANY, env=NO_PROMPT)


def fetch_refs(repo: Path, remote: str, *refs: str) -> Command:
    """Bring some refs, ``FROM:TO`` each, and all tags."""
    return git(repo, "fetch", *flags(quiet=True, tags=True), "--", remote, *refs)


def fetch_branches(repo: Path, remote: str, place: str) -> Command:
    """Bring all branches, to be called ``place``/BRANCH, and no tags; what is there is replaced."""
    words = ("fetch", *flags(quiet=True, no_tags=True), "--", remote, f"+refs/heads/*:{place}/*")
    return git(repo, *words, env=NO_PROMPT)


def fetch_commit(repo: Path, remote: str, commit: str, depth: int = 0) -> Command:
    """Bring a commit here and leave no trace of it but its objects: no ref, no FETCH_HEAD, no tags.

    depth: how many commits of its history come along; 0 for all that the repository lacks.
    """
    options = flags(
        quiet=True,
        no_tags=True,
        no_write_fetch_head=True,
        no_auto_maintenance=True,
        no_recurse_submodules=True,
        depth=depth or None,
    )
    return git(repo, "fetch", *options, "--", remote, commit, reads=True, env=NO_PROMPT, ok=ANY)


def push(repo: Path, remote: str, *references: str, gone: Mapping[str, str] | None = None) -> Command:
    """All of the references or none. gone: branches to remove, each only if it is at this commit still."""
    gone = gone or {}
    leases = (f"--force-with-lease=refs/heads/{branch}:{commit}" for branch, commit in gone.items())
    references = (*references, *(f":refs/heads/{branch}" for branch in gone))
    words = ("push", *flags(quiet=True, atomic=True), *leases, "--", remote, *references)
    return git(repo, *words, env=NO_PROMPT)


def push_commit(repo: Path, remote: str, commit: str, branch: str) -> Command:
    """Move the remote's branch forward to a commit, or be refused: never by force."""
    options = flags(porcelain=True, no_follow_tags=True, no_recurse_submodules=True)
    words = ("push", *options, "--", remote, f"{commit}:refs/heads/{branch}")
    return git(repo, *words, env=NO_PROMPT, ok=ANY)
