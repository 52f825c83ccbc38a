"""A condition can be true, and can be false."""

from collections.abc import Iterator

from aks_flow.workflows import expression
from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps

_DO = "Correct or remove it."


def check(workflow: Workflow) -> Iterator[WorkflowFault]:
    """A constant that switches off, as `false`, is taken for what it says. Text around braces: actionlint."""
    for job in workflow.jobs.values():
        for place in [job, *steps(job)]:
            if condition := place.get("if"):
                yield from _condition(condition)


def _condition(condition: WorkflowNode) -> Iterator[WorkflowFault]:
    tree = expression.parse(expression.bare(condition.text()))
    truth = expression.truth_of(expression.value(tree, {})) if tree else None
    if truth:
        contrary = expression.contradictions(tree, "||")
        why = "a value always differs from one of two; write `&&`" if contrary else "a constant decides it"
        yield condition.line, "always-true", f"the condition is always true: {why}", _DO
    elif truth is False and expression.contradictions(tree, "&&"):
        what = "the condition is never true: a value is never two at once; write `||`"
        yield condition.line, "never-true", what, _DO
