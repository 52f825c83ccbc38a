"""All checks over one workflow file."""

from aks_flow.core.errors import AksFlowError
from aks_flow.workflows import order, pins, scripts, syntax, tree, triggers
from aks_flow.workflows.finding import WorkflowFinding
from aks_flow.workflows.scripts import Refusal


def findings(file: str, text: str, refusal: Refusal) -> list[WorkflowFinding]:
    """What is wrong with a workflow, by line. ``refusal``: why Invoke refuses a call's words, or ""."""
    try:
        workflow = tree.read(file, text)
    except AksFlowError as error:
        place, _, line = error.where.rpartition(":")
        return [WorkflowFinding(place, int(line), "syntax", error.what, error.next_step)]
    checks = (
        syntax.check,
        pins.check,
        scripts.check(refusal),
        order.check,
        triggers.check,
    )
    findings = [WorkflowFinding(file, *fault) for check in checks for fault in check(workflow)]
    return sorted(findings, key=lambda finding: (finding.line, finding.rule, finding.what))
