"""The project's own checks over workflow files, beside those of actionlint, act and zizmor."""

from collections.abc import Iterator, Mapping

from aks_flow.core.errors import AksFlowError
from aks_flow.workflows import (
    action_versions,
    checkout,
    conditions,
    order,
    pull_requests,
    scripts,
    signins,
    syntax,
    tree,
    triggers,
)
from aks_flow.workflows.finding import WorkflowFinding
from aks_flow.workflows.scripts import Refusal
from aks_flow.workflows.triggers import OF_GITFLOW, ProjectBranches


def findings(
    files: Mapping[str, bytes],
    actions: Mapping[str, bytes],
    refusal: Refusal,
    branches: ProjectBranches = OF_GITFLOW,
) -> list[WorkflowFinding]:
    """What is wrong with workflow files, and with the repository's own actions, by name.

    refusal: why Invoke refuses a call's words, or "". branches: those that the project has.
    """
    faults: list[WorkflowFinding] = []
    workflows, own = _read(files, faults), _read(actions, faults)
    for workflow in workflows:
        faults += _in_one(workflow, refusal, branches)
    for action in own:
        faults += [WorkflowFinding(action.file, *fault) for fault in scripts.check_action(action, refusal)]
    return faults + pull_requests.check(workflows)


def _read(files: Mapping[str, bytes], faults: list[WorkflowFinding]) -> list[tree.Workflow]:
    """Those that can be read; why the others cannot is added to ``faults``."""
    readable = []
    for file, content in files.items():
        try:
            readable.append(tree.read(file, content))
        except AksFlowError as error:
            place, _, line = error.where.rpartition(":")
            faults.append(WorkflowFinding(place, int(line), "syntax", error.what, error.next_step))
    return readable


def _in_one(
    workflow: tree.Workflow, refusal: Refusal, branches: ProjectBranches
) -> Iterator[WorkflowFinding]:
    checks = (
        *(syntax.check, action_versions.check, scripts.check(refusal), order.check, triggers.check(branches)),
        *(conditions.check, checkout.check, signins.check),
    )
    for check in checks:
        for fault in check(workflow):
            yield WorkflowFinding(workflow.file, *fault)
