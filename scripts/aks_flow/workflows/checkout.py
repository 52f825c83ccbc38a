"""A job that tells its version has the commits and tags that the version is told from.

One that asks the repository itself has the credentials for that: nobody reads a private one without.
"""

import re
from collections.abc import Iterator

from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps

_TELLS_VERSION = re.compile(
    r"\./inv\s+(?:\S+\s+)*?(image\.(?:build|push)|push(?:\.(?:run|plan))?|gitops\.deliver|flow\.(?!proposed)\S+)(?=\s|$)"
)
_ASKS_ORIGIN = re.compile(r"\./inv\s+(?:\S+\s+)*?(gitops\.[\w-]+|environments|flow\.finish-merged)(?=\s|$)")
_CHECKOUT = "actions/checkout@"


def check(workflow: Workflow) -> Iterator[WorkflowFault]:
    for name, job in workflow.jobs.items():
        runs = f"job {name} runs"
        telling, asking = _task(job, _TELLS_VERSION), _task(job, _ASKS_ORIGIN)
        for step in steps(job):
            if not step.text("uses").lower().startswith(_CHECKOUT):
                continue
            if telling and not _whole(step):
                what = f"{runs} {telling}, and its checkout has one commit and no tag to tell a version by"
                yield step.line, "fetch-depth", what, "Add `with: {fetch-depth: 0}`."
            if asking and step.text("with", "persist-credentials") == "false":
                what = f"{runs} {asking}, and its checkout keeps nothing to ask a private repository with"
                yield step.line, "no-credentials", what, "Set `persist-credentials: true`."


def _task(job: WorkflowNode, pattern: re.Pattern) -> str:
    """The first that the job calls of those that a pattern knows, "" for none."""
    return next((call[1] for step in steps(job) if (call := pattern.search(step.text("run")))), "")


def _whole(step: WorkflowNode) -> bool:
    depth = step.text("with", "fetch-depth")
    return depth == "0" or "${{" in depth or bool(step.get("with", "repository"))
