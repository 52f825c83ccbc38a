"""What starts a workflow is a branch that exists, and none that the workflow itself writes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from aks_flow.core.config.branches import GITFLOW
from aks_flow.workflows.finding import WorkflowCheck, WorkflowFault
from aks_flow.workflows.patterns import matches, selects
from aks_flow.workflows.tree import Workflow, WorkflowNode

WRITTEN_BY_CI = "gitops"
SKIP_MARK = re.compile(r"\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|skip-checks:\s*true", re.I)


@dataclass(frozen=True)
class ProjectBranches:
    """The branches that a project has.

    called: GitFlow's, by role. own: the patterns of those that reach an environment. written: the one that
    CI writes.
    """

    called: Mapping[str, str] = field(default_factory=lambda: GITFLOW)
    own: tuple[str, ...] = ()
    written: str = WRITTEN_BY_CI

    @property
    def examples(self) -> tuple[str, ...]:
        """A name of each kind."""
        kinds = {"develop": "", "main": "", "feature": "dark-mode", "release": "1.5.0", "hotfix": "1.4.1"}
        gitflow = (f"{self.called[role]}{rest}" for role, rest in kinds.items())
        return (*gitflow, *map(example, self.own), self.written)

    @property
    def advice(self) -> str:
        feature, release, hotfix = (f"{self.called[role]}**" for role in ("feature", "release", "hotfix"))
        return f"Use {self.called['develop']}, {self.called['main']}, {feature}, {release} or {hotfix}."


OF_GITFLOW = ProjectBranches()


def example(pattern: str) -> str:
    """A branch that a pattern of invoke.yaml fits."""
    return pattern.replace("*", "1.5.0")


def starts(workflow: Workflow, branch: str) -> bool:
    """Whether a push to the branch starts it, whatever files that changes."""
    push = workflow.events.get("push")
    if push is None:
        return False
    named, ignored = (push.get(key) for key in ("branches", "branches-ignore"))
    if named:
        return selects(named.texts(), branch)
    if ignored:
        return not selects(ignored.texts(), branch)
    return not (push.get("tags") or push.get("tags-ignore"))


def check(branches: ProjectBranches) -> WorkflowCheck:
    """The check for each branch pattern that no branch of the project's fits, and each skip mark."""

    def triggers(workflow: Workflow) -> Iterator[WorkflowFault]:
        for event in ("push", "pull_request", "pull_request_target"):
            if event in workflow.events:
                yield from _branches(workflow.events[event], event, branches)
        for number, line in enumerate(workflow.lines, 1):
            if SKIP_MARK.search(line):
                what = "a skip mark also skips the workflows of the merge that quotes it"
                yield number, "skip-ci", what, "Leave it out; filter by branch."

    return triggers


def _branches(event: WorkflowNode, name: str, known: ProjectBranches) -> Iterator[WorkflowFault]:
    node = event.get("branches")
    patterns = [(item, item.text()) for item in node.items] if node else []
    for item, pattern in patterns:
        if not any(matches(pattern.removeprefix("!"), branch) for branch in known.examples):
            what = f"{pattern!r} matches no branch of GitFlow"
            yield item.line, "branches", what, known.advice
    texts = [pattern for _, pattern in patterns]
    if name == "push" and not event.get("tags") and (not texts or selects(texts, known.written)):
        what = f"commits that CI writes to {known.written} start it"
        yield event.line, "branches", what, "Name the branches of GitFlow in `branches:`."
