"""Jobs run in an order, end in time, and deliveries wait for their turn."""

import re
from collections.abc import Iterator

from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.scripts import delivers
from aks_flow.workflows.tree import Workflow, WorkflowNode

_OWN_GROUP = re.compile(r"github\.(sha|run_id)\b")


def check(workflow: Workflow) -> Iterator[WorkflowFault]:
    for name, job in workflow.jobs.items():
        yield from _timeout(name, job)
        if delivers(job):
            yield from _waits(workflow, name, job)
            yield from _turn(workflow, name, job)


def _timeout(name: str, job: WorkflowNode) -> Iterator[WorkflowFault]:
    if not job.get("uses") and not job.get("timeout-minutes"):
        what = f"job {name} has no timeout: a hanging step runs for six hours"
        yield job.line, "timeout", what, "Add `timeout-minutes:`."


def _waits(workflow: Workflow, name: str, job: WorkflowNode) -> Iterator[WorkflowFault]:
    """That the jobs in `needs:` exist, and give what is read of them, actionlint checks."""
    if not job.get("needs") and "push" in workflow.events:
        what = f"job {name} delivers without waiting for the checks"
        yield job.line, "needs", what, "Add `needs:` with the job that checks."


def _turn(workflow: Workflow, name: str, job: WorkflowNode) -> Iterator[WorkflowFault]:
    turn = job.get("concurrency") or workflow.root.get("concurrency")
    if turn is None:
        what = f"job {name} delivers without a concurrency group: two runs can deliver at once"
        yield job.line, "concurrency", what, "Add `concurrency:` with a group."
    elif turn.text("cancel-in-progress") not in ("", "false"):
        what = "a newer run stops a delivery half-way"
        yield turn.get("cancel-in-progress").line, "concurrency", what, "Set it to false."
    elif "push" in workflow.events and not _keeps(turn):
        what = "a third run replaces the second one, which waits: its delivery to production is dropped"
        do = "Give main a group for each commit (github.sha)."
        yield turn.line, "concurrency", what, do


def _keeps(turn: WorkflowNode) -> bool:
    return bool(_OWN_GROUP.search(turn.text("group") or turn.text())) or turn.text("queue") == "max"
