"""What a team does to a repository, deed by deed, written by `git fast-import` at once."""

import os
import subprocess
from pathlib import Path

from aks_flow.core.command import Command, Result
from aks_flow.gitflow import version_facts
from aks_flow.gitflow.names import Names
from aks_flow.gitflow.version import Version, derive
from tests.unit.gitflow.repository import Quick


class Remembering(Quick):
    """Asks git each question once, until the repository has changed."""

    def __init__(self):
        self._answers: dict[tuple, Result] = {}

    def forget(self) -> None:
        self._answers.clear()

    def run(self, command: Command) -> Result:
        key = (command.argv, command.ok)
        if key not in self._answers:
            self._answers[key] = super().run(command)
        return self._answers[key]


class Team:
    """A repository that has main and nothing else. tips: of the branches; commits are numbers, from 1.

    parents: of each commit.
    """

    def __init__(self, folder: Path):
        self.folder, self.tips, self.parents = folder, {}, {}
        self._lines, self._hashes, self._ask = [], {}, Remembering()
        subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)

    def commit(self, branch: str, *parents: int, subject: str = "Work") -> int:
        """One more commit on a branch, on its tip if no parents are given."""
        parents = parents or ((self.tips[branch],) if branch in self.tips else ())
        mark = len(self.parents) + 1
        self.parents[mark], self.tips[branch] = parents, mark
        who = f"t <t@localhost> {1_700_000_000 + mark} +0000"
        text = subject.encode()
        self._lines += [f"commit refs/heads/{branch}", f"mark :{mark}", f"committer {who}"]
        self._lines += [f"data {len(text)}", subject]
        self._lines += [f"{'merge' if at else 'from'} :{parent}" for at, parent in enumerate(parents)]
        self._lines += [f"M 100644 inline file-{mark}", "data 0"]
        return mark

    def branch(self, name: str, base: str) -> None:
        self._move(name, self.tips[base])

    def merge(self, target: str, source: str, subject: str = "") -> None:
        """As git does by hand, or as a pull request's merge says it."""
        into = "" if target == "main" else f" into {target}"
        words = subject or f"Merge branch '{source}'{into}"
        self.commit(target, self.tips[target], self.tips[source], subject=words)

    def squash(self, target: str, source: str, number: int = 7) -> None:
        """As GitHub does, under the title that it gives a pull request by the branch's name."""
        title = source[0].upper() + source[1:].replace("-", " ")
        self.commit(target, self.tips[target], subject=f"{title} (#{number})")

    def can_forward(self, target: str, source: str) -> bool:
        return self.tips[target] in self._below(self.tips[source])

    def forward(self, target: str, source: str) -> None:
        assert self.can_forward(target, source)
        self._move(target, self.tips[source])

    def contains(self, branch: str, commit: int) -> bool:
        return commit in self._below(self.tips[branch])

    def rebase(self, branch: str, base: str) -> None:
        """The commits of the branch's own line again, on another branch's tip."""
        own, commit = [], self.tips[branch]
        while commit not in self._below(self.tips[base]):
            own.append(commit)
            commit = self.parents[commit][0]
        self._move(branch, self.tips[base])
        for _ in own:
            self.commit(branch, subject="Work again")

    def tag(self, name: str, commit: int) -> None:
        self._lines += [f"reset refs/tags/{name}", f"from :{commit}", ""]

    def delete(self, branch: str) -> None:
        self._flush()
        self.git("update-ref", "-d", f"refs/heads/{branch}")
        del self.tips[branch]

    def line(self, branch: str) -> list[int]:
        """The branch's own line, the oldest first."""
        commits, commit = [], self.tips[branch]
        while commit:
            commits.append(commit)
            commit = self.parents[commit][0] if self.parents[commit] else 0
        return commits[::-1]

    def version(self, branch: str, commit: int = 0) -> Version:
        """Of a commit as one of the branch; by default of its tip."""
        self._flush()
        named = self._hashes[commit or self.tips[branch]]
        return derive(version_facts.of_commit(self._ask, self.folder, Names(), named, branch).facts)

    def git(self, *words: object) -> str:
        self._flush()
        argv = ["git", "-C", self.folder, *map(str, words)]
        self._ask.forget()
        return subprocess.run(argv, check=True, capture_output=True, text=True).stdout.strip()

    def _move(self, branch: str, commit: int) -> None:
        self.tips[branch] = commit
        self._lines += [f"reset refs/heads/{branch}", f"from :{commit}", ""]

    def _below(self, commit: int) -> set[int]:
        seen, left = set(), [commit]
        while left:
            there = left.pop()
            if there not in seen:
                seen.add(there)
                left += self.parents[there]
        return seen

    def _flush(self) -> None:
        if not self._lines:
            return
        marks = self.folder / ".git" / "aks-flow-marks"
        words = [f"--import-marks-if-exists={marks}", f"--export-marks={marks}", "--quiet", "--force"]
        stream = "\n".join([*self._lines, ""]).encode()
        subprocess.run(
            ["git", "-C", self.folder, "fast-import", *words],
            input=stream,
            check=True,
            capture_output=True,
            env=os.environ,
        )
        pairs = (entry.split() for entry in marks.read_text().splitlines())
        self._hashes = {int(mark[1:]): commit for mark, commit in pairs}
        self._lines.clear()
        self._ask.forget()
