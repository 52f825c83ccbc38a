"""git: names of tags and branches, and which commits they lead to."""

from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.git import ENGLISH, NO_OBJECT, git, lines

_BRANCHES = (*flags(format="%(refname)"), "refs/heads", "refs/remotes/origin")


def resolve(repo: Path, name: str) -> Command:
    """The commit that a name means, for `parse_commit`; exit code 128 if it means none."""
    words = ("rev-parse", *flags(verify=True, quiet=True, end_of_options=True), f"{name}^{{commit}}")
    return git(repo, *words, reads=True, env=ENGLISH, ok=(0, 1, NO_OBJECT))


def parse_commit(text: str) -> str:
    """The hash; "" for none and for several: a range such as ``A..B`` is no commit, nor is ``^A``."""
    commit = text.strip()
    return commit if commit.isalnum() else ""


def update(repo: Path, ref: str, commit: str) -> Command:
    return git(repo, "update-ref", ref, commit)


def tags(repo: Path, prefix: str) -> Command:
    """All tags that begin with a prefix, one a line."""
    return _refs(repo, *flags(format="%(refname:strip=2)"), f"refs/tags/{prefix}*")


def tags_with_commits(repo: Path, *below: str) -> Command:
    """All tags, each with its commit, for `parse_tags_with_commits`; with commits those at or below one."""
    form = flags(format="%(objectname)%00%(*objectname)%00%(refname:strip=2)", merged=list(below))
    return _refs(repo, *form, "refs/tags")


@reads("git")
def parse_tags_with_commits(text: str) -> dict[str, str]:
    """The commit of each tag, by the tag's name."""
    entries = (line.split("\0") for line in lines(text))
    return {name: peeled or named for named, peeled, name in entries}


def branches(repo: Path) -> Command:
    """The full names of all branches, here and at origin; for `parse_branches`."""
    return _refs(repo, *_BRANCHES)


def branch_tips(repo: Path) -> Command:
    """The full names of all branches, here and at origin, with their commits; for `parse_branch_tips`."""
    return _refs(repo, *flags(format="%(objectname)%00%(refname)"), *_BRANCHES[1:])


@reads("git")
def parse_branch_tips(text: str) -> dict[str, list[str]]:
    """The commits of each branch, by its name: where it is here, and where it is at origin."""
    tips: dict[str, list[str]] = {}
    for commit, name in (line.split("\0") for line in lines(text)):
        for branch in parse_branches(name):
            tips.setdefault(branch, []).append(commit)
    return tips


def branches_with(repo: Path, commit: str) -> Command:
    """As `branches`, of those that contain a commit."""
    return _refs(repo, *flags(contains=commit), *_BRANCHES)


def parse_branches(text: str) -> set[str]:
    """Full names of branches -> their names, the same for a branch and its copy at origin."""
    names = (line.removeprefix("refs/heads/").removeprefix("refs/remotes/origin/") for line in lines(text))
    return {name for name in names if name != "HEAD"}


def _refs(repo: Path, *words: str) -> Command:
    return git(repo, "for-each-ref", *words, reads=True)
