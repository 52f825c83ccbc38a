"""Whole GitFlow histories, written by `git fast-import` from a list of what the team did."""

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from aks_flow.gitflow.version import Version

DEEDS = ("work", "feature", "start", "fix", "back", "finish", "patch", "hotfix")
deeds = st.lists(st.sampled_from(DEEDS), min_size=3, max_size=14)


@dataclass
class Team:
    """Commits are marks, counted from 1. develop: its line. candidates, hotfixes: branch, line and final."""

    lines: list[str] = field(default_factory=list)
    marks: int = 0
    last: Version = Version(1, 4, 0)
    develop: list[int] = field(default_factory=list)
    open: list[int] = field(default_factory=list)
    candidates: list[tuple[str, list[int], Version]] = field(default_factory=list)
    hotfixes: list[tuple[str, list[int], Version]] = field(default_factory=list)
    main: int = 0

    def __post_init__(self):
        self.main = self.commit("main")
        self.tag()
        self.develop = [self.commit("develop", self.main)]

    def commit(self, branch: str, *parents: int) -> int:
        self.marks += 1
        who = f"committer t <t@localhost> {1_700_000_000 + self.marks} +0000"
        self.lines += [f"commit refs/heads/{branch}", f"mark :{self.marks}", who, "data 0"]
        self.lines += [f"{'merge' if at else 'from'} :{parent}" for at, parent in enumerate(parents)]
        return self.marks

    def tag(self) -> None:
        self.lines += [f"reset refs/tags/v{self.last}", f"from :{self.main}"]

    def do(self, deed: str) -> None:
        getattr(self, f"_{deed}")()

    def _work(self) -> None:
        self.develop.append(self.commit("develop", self.develop[-1]))

    def _feature(self) -> None:
        tip = self.commit("feature/x", self.commit("feature/x", self.develop[-1]))
        self.develop.append(self.commit("develop", self.develop[-1], tip))

    def _start(self) -> None:
        self.open = self.open or [self.commit("release/open", self.develop[-1])]

    def _fix(self) -> None:
        if self.open:
            self.open.append(self.commit("release/open", self.open[-1]))

    def _back(self) -> None:
        if self.open:
            self.develop.append(self.commit("develop", self.develop[-1], self.open[-1]))

    def _finish(self) -> None:
        if self.open:
            final = Version(self.last.major, self.last.minor + 1, 0)
            self.candidates.append((f"release/{final}", self.open, final))
            self._release(final, self.open[-1])
            self.open = []

    def _patch(self) -> None:
        """A patch release cut from develop: the line that would make a naive count fall."""
        if not self.open:
            final = Version(self.last.major, self.last.minor, self.last.patch + 1)
            candidate = self.commit(f"release/{final}", self.develop[-1])
            self.candidates.append((f"release/{final}", [candidate], final))
            self._release(final, candidate)

    def _hotfix(self) -> None:
        final = Version(self.last.major, self.last.minor, self.last.patch + 1)
        first = self.commit(f"hotfix/{final}", self.main)
        second = self.commit(f"hotfix/{final}", first)
        self.hotfixes.append((f"hotfix/{final}", [first, second], final))
        self._release(final, second)

    def _release(self, version: Version, tip: int) -> None:
        self.last, self.main = version, self.commit("main", self.main, tip)
        self.tag()
        self.develop.append(self.commit("develop", self.develop[-1], self.main))

    def write(self, folder: Path) -> dict[int, str]:
        """A repository of it; the hash of each mark."""
        git, marks = ["git", "-C", str(folder)], folder / "marks"
        subprocess.run([*git, "init", "--quiet", "--initial-branch=main"], check=True)
        stream = "\n".join([*self.lines, ""]).encode()
        words = [*git, "fast-import", "--quiet", f"--export-marks={marks}"]
        subprocess.run(words, input=stream, check=True, capture_output=True)
        pairs = (line.split() for line in marks.read_text().splitlines())
        return {int(mark[1:]): commit for mark, commit in pairs}
