"""git: what starts, merges, tags, pushes and removes branches; argument lists and parsers."""

from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.tools.git.objects import ANY

_NO_PROMPT = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}


def _git(repo: Path, *words: object, **rest) -> Command:
    return command("git", "-C", repo, *words, **rest)


def valid_name(repo: Path, branch: str) -> Command:
    """Exit code 1 if no branch can have the name."""
    return _git(repo, "check-ref-format", f"refs/heads/{branch}", reads=True, ok=(0, 1))


def create(repo: Path, branch: str, base: str) -> Command:
    return _git(repo, "checkout", "--quiet", "--no-track", "-b", branch, base)


def track(repo: Path, remote: str, branch: str) -> Command:
    """Make a branch where the remote has it."""
    return _git(repo, "branch", "--quiet", "--track", branch, f"refs/remotes/{remote}/{branch}")


def merge(repo: Path, commit: str, message: str) -> Command:
    """Merge into the branch that is checked out; any exit code but 0 if it stopped."""
    return _git(repo, "merge", "--quiet", "--no-ff", "-m", message, commit, ok=ANY)


def unmerged(repo: Path) -> Command:
    """The files in conflict, each ended by NUL."""
    return _git(repo, "diff", "--name-only", "--diff-filter=U", "-z", reads=True)


def tag(repo: Path, name: str, commit: str, message: str) -> Command:
    """An annotated tag, the message's ``#`` lines kept."""
    return _git(repo, "tag", "--annotate", "--cleanup=whitespace", "-m", message, name, commit)


def remove(repo: Path, branch: str) -> Command:
    return _git(repo, "branch", "--quiet", "-D", branch)


def fetch(repo: Path, remote: str) -> Command:
    """Bring the remote's branches and tags; no branch of one's own moves."""
    return _git(repo, "fetch", "--quiet", "--tags", remote, ok=ANY, env=_NO_PROMPT)


def push(repo: Path, remote: str, *references: str) -> Command:
    """All of the references or none; ``:NAME`` removes one."""
    return _git(repo, "push", "--quiet", "--atomic", remote, *references, env=_NO_PROMPT)


def log(repo: Path, start: str, end: str) -> Command:
    """Hash and message of the commits that ``end`` has and ``start`` ("": nothing) lacks, merges left out."""
    less = [f"^{start}"] if start else []
    flags = ("--no-merges", "--no-show-signature", "--no-color", "--format=tformat:%H%x00%B%x00%x00")
    return _git(repo, "log", *flags, end, *less, "--", reads=True)
