"""What starts a workflow is a branch that exists, and none that the workflow itself writes."""

import re
from collections.abc import Iterator

from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.patterns import matches, selects
from aks_flow.workflows.tree import Workflow, WorkflowNode

GITFLOW = ("develop", "main", "feature/dark-mode", "release/1.5.0", "hotfix/1.4.1")
WRITTEN_BY_CI = "gitops"
_SKIP = re.compile(r"\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|skip-checks:\s*true", re.I)


def check(workflow: Workflow) -> Iterator[WorkflowFault]:
    """Each branch pattern that no branch of GitFlow fits, condition that is always true, and skip mark."""
    for event in ("push", "pull_request", "pull_request_target"):
        if event in workflow.events:
            yield from _branches(workflow.events[event], event)
    for number, line in enumerate(workflow.lines, 1):
        if _SKIP.search(line):
            what = "a skip mark also skips the workflows of the merge that quotes it"
            yield number, "skip-ci", what, "Leave it out; filter by branch."


def _branches(event: WorkflowNode, name: str) -> Iterator[WorkflowFault]:
    node = event.get("branches")
    patterns = [(item, item.text()) for item in node.items] if node else []
    for item, pattern in patterns:
        if not any(matches(pattern.removeprefix("!"), branch) for branch in (*GITFLOW, WRITTEN_BY_CI)):
            what = f"{pattern!r} matches no branch of GitFlow"
            yield item.line, "branches", what, "Use develop, main, feature/**, release/** or hotfix/**."
    texts = [pattern for _, pattern in patterns]
    if name == "push" and not event.get("tags") and (not texts or selects(texts, WRITTEN_BY_CI)):
        what = f"commits that CI writes to {WRITTEN_BY_CI} start it"
        yield event.line, "branches", what, "Name the branches of GitFlow in `branches:`."
