"""git log: the commits of a branch, each with the paths that it changed."""

from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.git import ENGLISH, git, log
from aks_flow.tools.git.log import PastCommit


def history(repo: Path, commit: str) -> Command:
    """As `log.history` without paths, with those that each commit changed; for `parse`."""
    options = flags(first_parent=True, root=True, name_only=True, no_renames=True, no_show_signature=True)
    return git(repo, "log", "-m", *options, *flags(format=log.FIELDS), commit, "--", reads=True, env=ENGLISH)


@reads("git")
def parse(text: str) -> list[tuple[PastCommit, list[str]]]:
    """The newest first. A path with other characters than ASCII's is in quotation marks."""
    commits: list[tuple[PastCommit, list[str]]] = []
    for line in filter(None, text.split("\n")):
        if "\0" in line:
            commits.append((log.past_commit(line), []))
        else:
            commits[-1][1].append(line)
    return commits
