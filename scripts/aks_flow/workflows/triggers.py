"""What starts a workflow or a job is a branch that exists, and a condition that can be false."""

import re
from collections.abc import Iterable, Iterator

from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps

GITFLOW = ("develop", "main", "feature/dark-mode", "release/1.5.0", "hotfix/1.4.1")
WRITTEN_BY_CI = "gitops"
_SKIP = re.compile(r"\[(skip ci|ci skip|no ci|skip actions|actions skip)\]|skip-checks:\s*true", re.I)
_TRUTHY_OPERAND = re.compile(r"\|\|\s*(true\b|'[^']+')(?!\s*[=!<>])")
_EITHER_DIFFERS = re.compile(r"(\S+)\s*!=\s*('[^']*')\s*\|\|\s*\1\s*!=\s*(?!\2)'")


def check(workflow: Workflow) -> Iterator[WorkflowFault]:
    """Each branch pattern that no branch of GitFlow fits, condition that is always true, and skip mark."""
    for event in ("push", "pull_request", "pull_request_target"):
        if event in workflow.events:
            yield from _branches(workflow.events[event], event)
    for job in workflow.jobs.values():
        for place in [job, *steps(job)]:
            if condition := place.get("if"):
                yield from _condition(condition)
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


def selects(patterns: Iterable[str], name: str) -> bool:
    """As GitHub decides: the last pattern that matches counts, one with `!` excludes."""
    last = [pattern for pattern in patterns if matches(pattern.removeprefix("!"), name)]
    return bool(last) and not last[-1].startswith("!")


def matches(pattern: str, branch: str) -> bool:
    """GitHub's filter patterns: `*` stops at a slash, `**` does not; `?`, `+` and `[]` as in a regex."""
    parts = re.split(r"(\*\*|\*|\?|\+|\[[^]]*\])", pattern)
    regex = {"**": ".*", "*": "[^/]*", "?": "?", "+": "+"}
    text = "".join(regex.get(part, part if part.startswith("[") else re.escape(part)) for part in parts)
    return re.fullmatch(text, branch) is not None


def _condition(condition: WorkflowNode) -> Iterator[WorkflowFault]:
    if why := _always(condition.text().strip()):
        yield condition.line, "always-true", f"the condition is always true: {why}", "Correct or remove it."


def _always(text: str) -> str:
    bare = text.removeprefix("${{").removesuffix("}}").strip()
    if bare == "true" or re.fullmatch(r"'[^']+'|[1-9]\d*", bare):
        return "it is a constant"
    if _TRUTHY_OPERAND.search(bare):
        return "an operand of `||` is a constant that is true"
    if _EITHER_DIFFERS.search(bare):
        return "a value always differs from one of two; write `&&`"
    return ""
