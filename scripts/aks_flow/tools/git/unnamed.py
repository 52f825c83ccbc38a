"""git: tags and merges before they have a name, and refs that move together or not at all."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from aks_flow.core.command import Command, command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.git import git, lines

NOWHERE = "0" * 40  # where a ref is that is not there yet


def update_together(repo: Path, moves: Iterable[tuple[str, str, str]], why: str) -> Command:
    """Move all of some refs or none. moves: name, new and old hash; "" as new removes it, as old makes it."""
    orders = (
        f"update {name} {new} {old or NOWHERE}\n" if new else f"delete {name} {old}\n"
        for name, new, old in moves
    )
    return git(repo, "update-ref", *flags(create_reflog=True, stdin=True), "-m", why, stdin="".join(orders))


def make_tag(repo: Path, name: str, commit: str, message: str, env: Mapping[str, str]) -> Command:
    """An annotated tag, the message's ``#`` lines kept, signed if git is set so."""
    words = flags(annotate=True, cleanup="whitespace")
    return git(repo, "tag", *words, "-m", message, name, commit, reads=True, env=env)


def resolve_object(repo: Path, name: str) -> Command:
    """The object that a name leads to: of an annotated tag the tag itself, not its commit."""
    return git(repo, "rev-parse", *flags(verify=True), name, reads=True)


def objects_folder(repo: Path) -> Command:
    """Where the repository has its objects, whatever work tree it is asked for."""
    return git(repo, "rev-parse", *flags(path_format="absolute"), "--git-path", "objects", reads=True)


def make_bare(folder: Path) -> Command:
    """A repository that has nothing and can be thrown away."""
    return command("git", "init", *flags(quiet=True, bare=True), folder, reads=True)


def as_environment(values: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Variables that give git these entries (https://git-scm.com/docs/git-config, GIT_CONFIG_COUNT)."""
    entries = [(key, value) for key, several in values.items() for value in several]
    variables = {f"GIT_CONFIG_KEY_{number}": key for number, (key, _) in enumerate(entries)}
    variables |= {f"GIT_CONFIG_VALUE_{number}": value for number, (_, value) in enumerate(entries)}
    return {"GIT_CONFIG_COUNT": str(len(entries)), **variables}


def below(repo: Path, place: str) -> Command:
    """The full names of the refs below a place, one a line."""
    return git(repo, "for-each-ref", *flags(format="%(refname)"), f"{place}/", reads=True)


def elsewhere(repo: Path, branches: Iterable[str]) -> Command:
    """The work trees that have these branches checked out, for `parse_elsewhere`."""
    form = flags(format="%(refname:strip=2)%00%(worktreepath)")
    names = (f"refs/heads/{branch}" for branch in branches)
    return git(repo, "for-each-ref", *form, *names, reads=True)


@reads("git")
def parse_elsewhere(text: str) -> dict[str, str]:
    """The folder of each branch's work tree, without those that have none."""
    entries = (line.split("\0") for line in lines(text))
    return {branch: folder for branch, folder in entries if folder}
