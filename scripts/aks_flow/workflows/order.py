"""Jobs run in an order, end in time, and deliveries wait for their turn."""

import re
from collections.abc import Iterator

from aks_flow.workflows.finding import WorkflowFault
from aks_flow.workflows.scripts import delivers
from aks_flow.workflows.tree import Workflow, WorkflowNode

_OUTPUT_OF = re.compile(r"needs\.([\w-]+)\.")
_OWN_GROUP = re.compile(r"github\.(sha|run_id)\b")


def check(workflow: Workflow) -> Iterator[WorkflowFault]:
    for name, job in workflow.jobs.items():
        yield from _timeout(name, job)
        yield from _needs(workflow, name, job)
        if delivers(job):
            yield from _turn(workflow, name, job)


def _timeout(name: str, job: WorkflowNode) -> Iterator[WorkflowFault]:
    if not job.get("uses") and not job.get("timeout-minutes"):
        what = f"job {name} has no timeout: a hanging step runs for six hours"
        yield job.line, "timeout", what, "Add `timeout-minutes:`."


def _needs(workflow: Workflow, name: str, job: WorkflowNode) -> Iterator[WorkflowFault]:
    needs = job.get("needs")
    named = {item.text() for item in needs.items} if needs else set()
    for unknown in sorted(named - workflow.jobs.keys()):
        yield needs.line, "needs", f"there is no job {unknown}", f"Name one of {', '.join(workflow.jobs)}."
    if name in _before(workflow, named):
        yield (
            needs.line,
            "needs",
            f"job {name} waits for itself",
            "Remove one of the `needs:` that lead back to it.",
        )
    for node in job.walk():
        for used in set(_OUTPUT_OF.findall(node.text())) - named:
            what = f"job {name} reads needs.{used}, and does not need it: the value is always empty"
            yield node.line, "needs", what, f"Add {used} to `needs:`."
    if not named and delivers(job) and "push" in workflow.events:
        what = f"job {name} delivers without waiting for the checks"
        yield job.line, "needs", what, "Add `needs:` with the job that checks."


def _before(workflow: Workflow, named: set[str]) -> set[str]:
    """Every job that must end before one that needs ``named``."""
    seen: set[str] = set()
    while named - seen:
        seen |= named
        jobs = [workflow.jobs[name].get("needs") for name in named & workflow.jobs.keys()]
        named = {item.text() for needs in jobs if needs for item in needs.items}
    return seen


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
