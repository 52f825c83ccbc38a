"""Versions: semver 2.0.0 (https://semver.org), derived from git facts as GitFlow has it.

| where the commit is | version |
|---|---|
| tagged vX.Y.Z, or the merge of release/X.Y.Z or hotfix/X.Y.Z into main | X.Y.Z |
| release/X.Y.Z, hotfix/X.Y.Z | X.Y.Z-rc.N |
| develop | the minor after the newest release, open or final, -alpha.N |
| main, elsewhere | the patch after the last release, -main.N |
| any other branch | next minor, -BRANCH.N |

N counts commits from a place that no merge, fast-forward or late tag moves; docs/versions.md says which. A
dirty work tree adds ``.dirty.KEY``: such a version names its own tree, and semver puts it above the commit it
is based on.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import total_ordering

from aks_flow.core.errors import AksFlowError

_SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?", re.ASCII
)
# A feature with a simple name, or a branch with one that is neither a number nor what others are labelled.
_PLAIN = re.compile(
    r"feature/[a-z0-9]+(-[a-z0-9]+)*|(?!(alpha|rc|main|feature|detached)(-|$))(?!\d+$)[a-z0-9]+(-[a-z0-9]+)*"
)
_LONGEST = 40
MAIN, DEVELOP, FEATURE, RELEASE, HOTFIX = (
    "main",
    "develop",
    "feature",
    "release",
    "hotfix",
)  # kinds of branches


@total_ordering
@dataclass(frozen=True)
class Version:
    """One semantic version; ``prerelease`` is "" for a final one. Ordered by semver precedence."""

    major: int
    minor: int
    patch: int
    prerelease: str = ""

    @classmethod
    def parse(cls, text: str) -> "Version":
        """``1.5.0-rc.2`` -> Version; AksFlowError if it is not a semantic version."""
        match = _SEMVER.fullmatch(text)
        if not match:
            raise AksFlowError(f"{text!r} is not a version", next_step="Use X.Y.Z or X.Y.Z-PRERELEASE.")
        major, minor, patch, prerelease = match.groups()
        return cls(int(major), int(minor), int(patch), prerelease or "")

    @property
    def precedence(self) -> tuple:
        """Sorts as semver does: numbers below words, rc.9 below rc.10, a final above its prereleases."""
        words = self.prerelease.split(".") if self.prerelease else []
        ranks = tuple((0, int(word), "") if word.isdecimal() else (1, 0, word) for word in words)
        return (*self.core, not self.prerelease, ranks)

    @property
    def core(self) -> tuple[int, int, int]:
        return (self.major, self.minor, self.patch)

    @property
    def label(self) -> str:
        """What the prerelease begins with: alpha, rc, a branch's name; "" for a final version."""
        return self.prerelease.partition(".")[0]

    @property
    def dirty(self) -> bool:
        """Whether it is of a work tree, not of a commit."""
        return ".dirty." in self.prerelease

    def __lt__(self, other: "Version") -> bool:
        return self.precedence < other.precedence

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}" + (f"-{self.prerelease}" if self.prerelease else "")


@dataclass(frozen=True)
class CommitFacts:
    """What git says of a commit.

    commit: its full hash. branch: its branch, "" if it is of none. kind: as of `Names.kind`. release: the
    version that the commit is, if it is a released one. own: the version that its branch is to become. last:
    the release that other branches count above, if there is one. count: N. dirty: the key of a work tree that
    differs from the commit, else "".
    """

    commit: str
    branch: str
    kind: str
    release: Version | None = None
    own: Version | None = None
    last: Version | None = None
    count: int = 0
    dirty: str = ""


def derive(facts: CommitFacts) -> Version:
    """The version of a commit, by the table above."""
    if facts.release and not facts.dirty:
        return facts.release
    core = facts.own or (next_patch if facts.kind == MAIN and facts.last else next_minor)(facts.last)
    dirty = f".dirty.{facts.dirty[:12]}" if facts.dirty else ""
    return Version(core.major, core.minor, core.patch, f"{_label(facts)}.{facts.count}{dirty}")


def next_minor(last: Version | None) -> Version:
    return Version(last.major, last.minor + 1, 0) if last else Version(0, 1, 0)


def next_patch(last: Version | None) -> Version:
    return Version(last.major, last.minor, last.patch + 1) if last else Version(0, 0, 1)


def _label(facts: CommitFacts) -> str:
    if facts.own:
        return "rc"
    if not facts.branch:
        return f"detached-{facts.commit[:8]}"
    return {MAIN: MAIN, DEVELOP: "alpha"}.get(facts.kind) or branch_label(facts.branch)


def branch_label(branch: str) -> str:
    """The branch's name as a prerelease has it; of two branches never the same.

    What names fold to is the same for some, so all but plain ones get a hash after ``--``, which no plain one
    has.
    """
    folded = re.sub(r"[^0-9A-Za-z]+", "-", branch).strip("-").lower()[:_LONGEST].rstrip("-")
    if _PLAIN.fullmatch(branch) and len(branch) <= _LONGEST:
        return folded
    return f"{folded or 'branch'}--{hashlib.sha256(branch.encode(errors='surrogatepass')).hexdigest()[:8]}"
