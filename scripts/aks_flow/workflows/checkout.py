"""A job that tells its version has the commits and tags that the version is told from."""

import re
from collections.abc import Iterator

from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.tree import Workflow, WorkflowNode, steps

_TELLS_VERSION = re.compile(
    r"\./inv\s+(?:\S+\s+)*?(image\.(?:build|push)|push(?:\.(?:run|plan))?|gitops\.deliver|flow\.(?!proposed)\S+)(?=\s|$)"
)
_CHECKOUT = "actions/checkout@"


def check(workflow: Workflow) -> Iterator[WorkflowFault]:
    for name, job in workflow.jobs.items():
        task = next((call[1] for step in steps(job) if (call := _TELLS_VERSION.search(step.text("run")))), "")
        for step in steps(job):
            if task and step.text("uses").lower().startswith(_CHECKOUT) and not _whole(step):
                what = (
                    f"job {name} runs {task}, and its checkout has one commit and no tag to tell a version by"
                )
                yield step.line, "fetch-depth", what, "Add `with: {fetch-depth: 0}`."


def _whole(step: WorkflowNode) -> bool:
    depth = step.text("with", "fetch-depth")
    return depth == "0" or "${{" in depth or bool(step.get("with", "repository"))
