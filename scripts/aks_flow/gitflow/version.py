"""Versions: semver 2.0.0 (https://semver.org), derived from git facts as GitFlow has it.

| where the commit is | version |
|---|---|
| tag vX.Y.Z | X.Y.Z |
| release/X.Y.Z, hotfix/X.Y.Z | X.Y.Z-rc.N |
| develop | next minor, -alpha.N |
| any other branch | next minor, -BRANCH.N |

N counts commits: on release/* since it left develop, on hotfix/* since the last release, elsewhere since the
release that began the last minor version, so that no patch release makes develop's versions fall. A dirty
work tree adds ``.dirty.KEY``: such a version names its own tree, and semver puts it above the commit it is
based on.
"""

import re
from dataclasses import dataclass
from functools import total_ordering

from aks_flow.core.errors import AksFlowError

_SEMVER = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?")
_OWN_VERSION = re.compile(r"(?:release|hotfix)/v?((?:0|[1-9]\d*)(?:\.(?:0|[1-9]\d*)){2})")


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

    commit: its full hash. branch: its branch, "" if detached. last: the newest release at or below it, or
    None. distance: commits since that release (0: the commit is the release). dirty: the key of a
    work tree that differs from the commit, else "". count: N where it is not the distance.
    """

    commit: str
    branch: str
    last: Version | None
    distance: int
    dirty: str = ""
    count: int | None = None


def derive(facts: CommitFacts) -> Version:
    """The version of a commit, by the table above."""
    if facts.last and facts.distance == 0 and not facts.dirty:
        return facts.last
    own = _OWN_VERSION.fullmatch(facts.branch)
    core = Version.parse(own[1]) if own else next_minor(facts.last)
    label = "rc" if own else _label(facts.branch)
    count = facts.distance if facts.count is None else facts.count
    dirty = f".dirty.{facts.dirty[:12]}" if facts.dirty else ""
    return Version(core.major, core.minor, core.patch, f"{label}.{count}{dirty}")


def next_minor(last: Version | None) -> Version:
    return Version(last.major, last.minor + 1, 0) if last else Version(0, 1, 0)


def next_patch(last: Version | None) -> Version:
    return Version(last.major, last.minor, last.patch + 1) if last else Version(0, 0, 1)


def _label(branch: str) -> str:
    if branch == "develop":
        return "alpha"
    label = re.sub(r"[^0-9A-Za-z]+", "-", branch).strip("-").lower()[:40].rstrip("-") or "detached"
    # semver: no number with leading zeros; and no branch's name makes it a candidate or develop's
    return f"branch-{label}" if label.isdecimal() or label in ("alpha", "rc") else label
