"""A job that signs in signs out, whatever happens between: a runner of one's own keeps what is left there."""

import re
from collections.abc import Iterator

from aks_flow.workflows import expression
from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps

_CALL = r"\./inv\s+(?:\S+\s+)*?(?:azure\.)?%s(?=\s|$)"
_ACTION = re.compile(r"\./\.github/actions/(?:aks-flow-)?login")
_LOGIN, _LOGOUT = re.compile(_CALL % "login"), re.compile(_CALL % "logout")


def check(workflow: Workflow) -> Iterator[WorkflowFault]:
    for name, job in workflow.jobs.items():
        signing_in = [step for step in steps(job) if logs_in(step)]
        signing_out = [step for step in steps(job) if _LOGOUT.search(step.text("run"))]
        if signing_in and not signing_out:
            what = f"job {name} signs in and never out"
            yield signing_in[0].line, "logout", what, "End it with the logout, `if: always()`."
        for step in signing_out:
            if not _always(step):
                what = f"job {name} does not sign out when a step before fails or the run is cancelled"
                yield step.line, "logout", what, "Add `if: always()`."


def logs_in(step: WorkflowNode) -> bool:
    """Whether a step gets credentials: by the task, or by the action of this repository that calls it."""
    return bool(_LOGIN.search(step.text("run")) or _ACTION.fullmatch(step.text("uses")))


def _always(step: WorkflowNode) -> bool:
    tree = expression.parse(expression.bare(step.text("if")))
    return bool(tree) and "always" in expression.calls(tree)
