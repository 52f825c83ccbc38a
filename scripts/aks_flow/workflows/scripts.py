"""A `run:` calls tasks that exist, with flags that they have, and nothing else."""

import re
import shlex
from collections.abc import Callable, Iterator

from aks_flow.workflows.finding import WorkflowCheck, WorkflowFault
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps

Refusal = Callable[[list[str]], str]  # the words after ./inv -> why Invoke refuses them, or ""

_DELIVERS = re.compile(
    r"\./inv\s+(?:\S+\s+)*?(?:push(?:\.run|\.deploy)?|gitops\.(?:deliver|promote|undo))(?=\s|$)"
)
_OPERATORS = set("|&;<>()")
_DO = "Call one task a line; logic belongs in a task."


def check(refusal: Refusal) -> WorkflowCheck:
    """The check with the real tasks' parser as ``refusal``."""

    def scripts(workflow: Workflow) -> Iterator[WorkflowFault]:
        for job in workflow.jobs.values():
            for step in steps(job):
                if run := step.get("run"):
                    yield from _run(run, refusal)

    return scripts


def check_action(action: Workflow, refusal: Refusal) -> Iterator[WorkflowFault]:
    """The same of the steps of a composite action."""
    listed = action.root.get("runs", "steps")
    for step in listed.items if listed else ():
        if run := step.get("run"):
            yield from _run(run, refusal)


def delivers(job: WorkflowNode) -> bool:
    """True if a step of the job brings a version to an environment."""
    return any(_DELIVERS.search(step.text("run")) for step in steps(job))


def _run(run: WorkflowNode, refusal: Refusal) -> Iterator[WorkflowFault]:
    if "${{" in run.text():
        return  # zizmor refuses it: its value can be any shell command
    lines = run.text().splitlines()
    first = run.line + (len(lines) > 1)  # a block's first line stands below its key
    for number, line in _whole_lines(lines, first):
        if why := _line(line, refusal):
            yield number, *why


def _whole_lines(lines: list[str], first: int) -> Iterator[tuple[int, str]]:
    """Lines with those that a backslash continues, under the number of the first of them."""
    start, begun = first, ""
    for number, line in enumerate(lines, first):
        start = start if begun else number
        begun += line.strip()
        if begun.endswith("\\"):
            begun = f"{begun[:-1]} "
            continue
        yield start, begun
        begun = ""
    if begun:
        yield start, begun


def _line(line: str, refusal: Refusal) -> tuple[str, str, str] | None:
    """Nothing for a line that is empty, or a comment."""
    try:
        words = list(shlex.shlex(line, posix=True, punctuation_chars=True))
        arguments = shlex.split(line, comments=True)[1:]
    except ValueError as error:
        return "script", f"`{line}`: {error}", "Close the quotation."
    if not words:
        return None
    if words[0] != "./inv" or any(set(word) <= _OPERATORS for word in words if word):
        return "script", f"`{line}` is more than a task", _DO
    if why := refusal(arguments):
        return "task", f"`{line}`: {why}", "./inv --list and ./inv --help TASK show what there is."
    return None
