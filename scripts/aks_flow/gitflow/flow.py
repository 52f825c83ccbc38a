"""One repository as GitFlow sees it: its branches, here and at origin, and what they contain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from pathlib import Path

from aks_flow.core.command import Command, Result
from aks_flow.core.config.reaching import reaching
from aks_flow.core.config.sections import Environment
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.core.steps import Steps
from aks_flow.gitflow import ancestry, releases, work_tree
from aks_flow.gitflow.names import Names, read_names
from aks_flow.gitflow.version import Version
from aks_flow.tools.git import ANY, ancestors, lines, reason, refs, remotes

ORIGIN = "origin"
UNREADABLE = "\ufffd"  # in a name that is not UTF-8, where its bytes were


@dataclass(frozen=True)
class Flow:
    """Commits are asked for by name and given by hash, "" for a name that leads to none.

    reached: by environment the patterns of the branches that reach it.
    """

    run: Runner
    repo: Path
    names: Names
    steps: Steps
    reached: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def reaches(self, branch: str) -> str:
        """The environments that the branch reaches, "" for none."""
        return ", ".join(
            name
            for name, patterns in self.reached.items()
            if any(fnmatchcase(branch, pattern) for pattern in patterns)
        )

    def commit(self, name: str) -> str:
        return ancestry.commit_of(self.run, self.repo, name)

    def here(self, branch: str) -> str:
        return self.commit(f"refs/heads/{branch}")

    def at_origin(self, branch: str) -> str:
        """Where origin had the branch when it was last asked."""
        return self.commit(f"refs/remotes/{ORIGIN}/{branch}")

    def tip(self, branch: str) -> str:
        """The branch's commit here, or at origin if it is only there."""
        return self.here(branch) or self.at_origin(branch)

    def contains(self, whole: str, part: str) -> bool:
        """Whether the commit ``whole`` is ``part`` or comes after it."""
        return ancestry.contains(self.run, self.repo, whole, part)

    def lacks(self, old: str, new: str) -> int:
        """How many commits ``new`` has that ``old`` lacks."""
        return int(self.run.run(ancestors.count_between(self.repo, old, new)).text)

    def branches(self, kind: str = "") -> list[str]:
        """All branches, here and at origin, or those of one kind, by name."""
        branches = refs.parse_branches(self.run.run(refs.branches(self.repo)).text)
        return sorted(branch for branch in branches if not kind or self.names.kind(branch) == kind)

    def current(self) -> str:
        return work_tree.read(self.run, self.repo).branch

    def last_release(self) -> Version | None:
        """The highest of all that are released: tagged anywhere, or merged into main."""
        tags = lines(self.run.run(refs.tags(self.repo, self.names.tag)).text)
        merged = releases.read(self.run, self.repo, self.names).final
        return max([*releases.sort_tags(tags, self.names)[0], *merged], default=None)

    def change(self, command: Command, what: str, next_step: str) -> str:
        """Run what changes the repository; what it printed. AksFlowError as of `refuse`."""
        answer = self.run.run(replace(command, ok=ANY))
        self.refuse(answer, what, next_step)
        return answer.text.strip()

    def refuse(self, answer: Result, what: str, next_step: str) -> None:
        """AksFlowError with what git, or a hook, said if it failed."""
        if answer.code:
            raise AksFlowError(f"{what}: {reason(answer)}", where=str(self.repo), next_step=next_step)

    def remote(self) -> str:
        """``origin``, or "" for a repository that has none."""
        return ORIGIN if ORIGIN in lines(self.run.run(remotes.names(self.repo)).text) else ""


def open_flow(
    run: Runner, repo: Path, called: Mapping[str, str], steps: Steps, environments: Mapping[str, Environment]
) -> Flow:
    """called: what its branches are called, by role; see `read_names`."""
    return Flow(run, repo, read_names(run, repo, called), steps, reaching(called, environments))
