"""The project's own checks over workflow files, beside those of actionlint, act and zizmor."""

from collections.abc import Iterator, Mapping

from aks_flow.core.errors import AksFlowError
from aks_flow.workflows import (
    checkout,
    conditions,
    order,
    pins,
    pull_requests,
    scripts,
    signins,
    syntax,
    tree,
    triggers,
)
from aks_flow.workflows.finding import WorkflowFinding
from aks_flow.workflows.scripts import Refusal


def findings(files: Mapping[str, bytes], refusal: Refusal) -> list[WorkflowFinding]:
    """What is wrong with workflow files, by name. refusal: why Invoke refuses a call's words, or ""."""
    faults, readable = [], []
    for file, content in files.items():
        try:
            readable.append(tree.read(file, content))
        except AksFlowError as error:
            place, _, line = error.where.rpartition(":")
            faults.append(WorkflowFinding(place, int(line), "syntax", error.what, error.next_step))
    for workflow in readable:
        faults += _in_one(workflow, refusal)
    return faults + pull_requests.check(readable)


def _in_one(workflow: tree.Workflow, refusal: Refusal) -> Iterator[WorkflowFinding]:
    checks = (
        *(syntax.check, pins.check, scripts.check(refusal), order.check, triggers.check),
        *(conditions.check, checkout.check, signins.check),
    )
    for check in checks:
        for fault in check(workflow):
            yield WorkflowFinding(workflow.file, *fault)
