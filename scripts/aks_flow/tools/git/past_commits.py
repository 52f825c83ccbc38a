"""git: the commits of the GitOps branch, and what their trailers say."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.reading import reads
from aks_flow.tools.git import ENGLISH, git

ALL = 1_000_000  # commits: a depth that no history has, short of the one that deepens other branches too
_TRAILER = "%(trailers:key={},valueonly,separator=%x20)"
_TRAILERS = {  # by PastCommit's field
    "source": "Source-Commit",
    "restores": "Restores",
    "image": "Image",
    "digest": "Digest",
    "run": "Run",
    "others": "With",
    "environment": "Environment",
    "approved_by": "Approved-By",
}
FIELDS = "%x00".join(["%H", *map(_TRAILER.format, _TRAILERS.values()), "%ct", "%an"])


@dataclass(frozen=True)
class PastCommit:
    """A commit of the GitOps branch, and what its trailers say ("" for those it does not have).

    when: seconds since the epoch. who: its author. others: the images besides ``image``, with their digests.
    """

    commit: str
    source: str
    restores: str
    image: str = ""
    digest: str = ""
    run: str = ""
    when: int = 0
    who: str = ""
    others: str = ""
    environment: str = ""
    approved_by: str = ""

    @property
    def version(self) -> str:
        return self.image.rpartition(":")[2]

    @property
    def digests(self) -> frozenset[str]:
        """Of all images of the version."""
        return frozenset(re.findall("sha256:[0-9a-f]{64}", f"{self.digest} {self.others}"))


def history(repo: Path, commit: str, paths: Iterable[str] = (), count: int = ALL) -> Command:
    """The commits at and below one, newest first, that changed any of ``paths``; for `parse_history`."""
    options = flags(first_parent=True, no_show_signature=True, max_count=count, format=FIELDS)
    return git(repo, "log", *options, commit, "--", *paths, reads=True, env=ENGLISH)


@reads("git")
def parse_history(text: str) -> list[PastCommit]:
    return [_past_commit(line) for line in text.split("\n") if line]


def history_with_paths(repo: Path, commit: str) -> Command:
    """All of the history, with the paths that each commit changed; for `parse_history_with_paths`."""
    options = flags(first_parent=True, root=True, name_only=True, no_renames=True, no_show_signature=True)
    return git(repo, "log", "-m", *options, *flags(format=FIELDS), commit, "--", reads=True, env=ENGLISH)


@reads("git")
def parse_history_with_paths(text: str) -> list[tuple[PastCommit, list[str]]]:
    """The newest first. A path with other characters than ASCII's is in quotation marks."""
    commits: list[tuple[PastCommit, list[str]]] = []
    for line in filter(None, text.split("\n")):
        if "\0" in line:
            commits.append((_past_commit(line), []))
        else:
            commits[-1][1].append(line)
    return commits


def _past_commit(line: str) -> PastCommit:
    """Of a line of FIELDS."""
    commit, *texts, when, who = line.split("\0")
    return PastCommit(commit, **dict(zip(_TRAILERS, texts, strict=True)), when=int(when), who=who)
