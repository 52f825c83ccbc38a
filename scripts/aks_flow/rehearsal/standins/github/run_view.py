"""One run as a person reads it."""

from dataclasses import dataclass

from aks_flow import report
from aks_flow.core.errors import AksFlowError
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.runs import Run
from aks_flow.tools.act import Log
from aks_flow.workflows.fidelity import left_out
from aks_flow.workflows.finding import WorkflowFinding

_LAST_LINES = 20  # of a failed step


@dataclass(frozen=True)
class RunView:
    """A run, its log, and what of its file act ignores."""

    run: Run
    log: Log
    passed_over: list[WorkflowFinding]


def passed_over(hub: Hub, run: Run) -> list[WorkflowFinding]:
    """By file and line, for the run's own workflow and those that it calls."""
    try:
        workflows = hub.with_called(run.event.commit, run.workflow)
    except AksFlowError:  # no workflow at all: its run says so
        return []
    return [
        WorkflowFinding(workflow.file, *fault)
        for workflow in workflows
        for fault in sorted(left_out(workflow))
    ]


def show(told: RunView) -> None:
    """The run's table, then its summary, the failed step's output, and what was not rehearsed."""
    run, log = told.run, told.log
    columns = ["job", "step", "state", "seconds"]
    report.table(f"run {run.number}: {run.workflow} on {run.event.branch}, {run.state}", columns, _rows(log))
    if run.note:
        report.say(run.note)
    if log.summary:
        report.heading("summary")
        report.say(log.summary.rstrip())
    if (failed := log.failed()) and failed[1]:
        report.heading(f"the end of `{failed[1].name.strip()}`")
        report.say("\n".join(failed[1].text.splitlines()[-_LAST_LINES:]))
    report.heading("not rehearsed: what act ignores")
    for finding in told.passed_over:
        report.say(f"  {finding.file}:{finding.line}: {finding.rule}: {finding.what}")


def _rows(log: Log) -> list[list[object]]:
    return [
        [job.name, step.name.strip(), step.state, "" if step.seconds is None else f"{step.seconds:.1f}"]
        for job in log.jobs.values()
        for step in job.steps.values()
    ]
