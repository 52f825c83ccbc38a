"""git: argument lists and parsers."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, command


@dataclass(frozen=True)
class Status:
    """The commit's hash ("" before the first), the branch ("" if detached), dirty or not."""

    commit: str
    branch: str
    dirty: bool


def status(repo: Path) -> Command:
    return command("git", "-C", repo, "status", "--porcelain=v2", "--branch", reads=True)


def parse_status(text: str) -> Status:
    heads = dict(line[2:].split(" ", 1) for line in text.splitlines() if line.startswith("# branch."))
    commit, branch = heads["branch.oid"], heads["branch.head"]
    dirty = any(not line.startswith("#") for line in text.splitlines())
    return Status("" if commit == "(initial)" else commit, "" if branch == "(detached)" else branch, dirty)


def settings(repo: Path, pattern: str) -> Command:
    """The configuration's entries whose keys match; exit code 1 if there are none."""
    return command("git", "-C", repo, "config", "--null", "--get-regexp", pattern, reads=True, ok=(0, 1))


def parse_settings(text: str) -> dict[str, str]:
    """By key, in lower case; the last of several wins, as in git."""
    entries = (entry.partition("\n") for entry in text.split("\0") if entry)
    return {key: value for key, _, value in entries}


def count_between(repo: Path, start: str, end: str) -> Command:
    """How many commits ``end`` has that ``start`` lacks; start: "" for nothing."""
    return command(
        "git", "-C", repo, "rev-list", "--count", end, *([f"^{start}"] if start else []), reads=True
    )


def first_parents(repo: Path, commit: str) -> Command:
    """A branch's own line of commits, newest first."""
    return command("git", "-C", repo, "rev-list", "--first-parent", commit, reads=True)


def parents(repo: Path, commit: str) -> Command:
    """The commit's own hash and its parents', in one line."""
    return command("git", "-C", repo, "rev-list", "--parents", "--max-count=1", commit, reads=True)


def fetch_all(repo: Path, remote: str, *flags: str) -> Command:
    """Bring all branches, tags and their history, as a full clone has them; no branch of one's own moves."""
    refs = f"+refs/heads/*:refs/remotes/{remote}/*"
    words = ("fetch", "--quiet", "--tags", "--no-write-fetch-head", *flags, remote, refs)
    return command(
        "git", "-C", repo, *words, reads=True, ok=range(256), env={"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"}
    )


def tree(repo: Path, folder: str, commit: str = "HEAD") -> Command:
    """The hash of a folder's tree, as committed; exit code 1 if the commit has no such folder."""
    return command("git", "-C", repo, "rev-parse", "--verify", "--quiet", f"{commit}:{folder}", reads=True)


def origin(repo: Path) -> Command:
    """Where the repository was cloned from; nothing and exit code 2 if from nowhere."""
    return command("git", "-C", repo, "remote", "get-url", "origin", reads=True, ok=(0, 2))


def parse_url(text: str) -> str:
    """The URL without the user and password that it may carry; "" for a path: it means nothing elsewhere."""
    scheme, separator, rest = text.strip().partition("://")
    if not separator or scheme == "file":
        return ""
    host, slash, path = rest.partition("/")
    return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def commit_time(repo: Path) -> Command:
    return command("git", "-C", repo, "log", "-1", "--format=%cI", "HEAD", reads=True)


def stage(repo: Path, index: Path) -> Command:
    """Put the work tree into an index of its own (made from HEAD's): the person's is not touched."""
    return command(
        "git", "-C", repo, "add", "--all", "--", ".", reads=True, env={"GIT_INDEX_FILE": str(index)}
    )


def read_tree(repo: Path, index: Path) -> Command:
    return command("git", "-C", repo, "read-tree", "HEAD", reads=True, env={"GIT_INDEX_FILE": str(index)})


def write_tree(repo: Path, index: Path) -> Command:
    return command("git", "-C", repo, "write-tree", reads=True, env={"GIT_INDEX_FILE": str(index)})


def archive(repo: Path, tree: str) -> Command:
    return command("git", "-C", repo, "archive", "--format=tar", tree, reads=True)


def clone(source: Path, target: Path) -> Command:
    return command("git", "clone", "--quiet", "--no-hardlinks", source, target)


def checkout_new(repo: Path, branch: str, start: str) -> Command:
    return command("git", "-C", repo, "checkout", "--quiet", "-B", branch, start)


def detach(repo: Path, commit: str) -> Command:
    return command("git", "-C", repo, "checkout", "--quiet", "--detach", commit)


def checkout(repo: Path, branch: str) -> Command:
    return command("git", "-C", repo, "checkout", "--quiet", branch)


def branches(repo: Path, pattern: str) -> Command:
    """The names of the local branches that a pattern matches."""
    return command("git", "-C", repo, "branch", "--list", "--format=%(refname:short)", pattern, reads=True)


def fetch(repo: Path, remote: str, *refs: str) -> Command:
    return command("git", "-C", repo, "fetch", "--quiet", "--tags", remote, *refs)


def merge_theirs(repo: Path, ref: str, message: str) -> Command:
    return command("git", "-C", repo, "merge", "--quiet", "--no-ff", "-X", "theirs", "-m", message, ref)


def join(repo: Path, tree: str, parents: Iterable[str], message: str) -> Command:
    """A commit without a branch, above all of ``parents``, with the files of ``tree``; prints its hash."""
    above = (word for parent in parents for word in ("-p", parent))
    return command("git", "-C", repo, "commit-tree", "-m", message, *above, f"{tree}^{{tree}}")


def configure(repo: Path, key: str, value: str) -> Command:
    """Set a key of the repository's own configuration."""
    return command("git", "-C", repo, "config", key, value)


def graph(repo: Path, since: str, count: int) -> Command:
    """The newest commits that are not below ``since``, of all branches and tags, drawn as a graph."""
    flags = ("--graph", "--oneline", "--decorate=short", "--no-color", f"--max-count={count}")
    return command("git", "-C", repo, "log", *flags, "--branches", "--tags", f"^{since}", reads=True)


def add(repo: Path, file: Path) -> Command:
    return command("git", "-C", repo, "add", "--", file)


def commit_all(repo: Path, message: str) -> Command:
    return command("git", "-C", repo, "commit", "--quiet", "--all", "-m", message)
