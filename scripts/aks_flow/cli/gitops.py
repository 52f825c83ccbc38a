"""What the tasks `gitops.…` do: read, act, report."""

import time
from collections.abc import Iterable
from dataclasses import astuple, fields, replace

from aks_flow import report
from aks_flow.cli import connect
from aks_flow.cli.argocd import apply_applications
from aks_flow.cli.context import TaskContext
from aks_flow.core.errors import AksFlowError
from aks_flow.core.patience import Patient
from aks_flow.gitops import (
    deliver,
    drift,
    promote,
    propose,
    pushed_since,
    repository_access,
    status,
    sync,
    undo,
)
from aks_flow.gitops.auto_undo import wait_or_undo
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.branch.init import init_branch
from aks_flow.gitops.gates import approvals
from aks_flow.gitops.outcome import WriteOutcome
from aks_flow.gitops.promote import Shown
from aks_flow.gitops.wait.arrival import wait_for_arrival
from aks_flow.gitops.wait.unblocking import end_sync
from aks_flow.report import job_summary
from aks_flow.target.api_proxy import through_proxy
from aks_flow.target.delivery import DeliveryContext


def init_task(task: TaskContext, json: bool) -> None:
    branches, contexts = {}, connect.deliveries(task)
    for context in contexts:
        branch = open_branch(context.run, context.config)
        if branch.remote not in branches:
            made = init_branch(branch)
            branches[branch.remote] = {"branch": branch.name, "remote": branch.remote, "made": made}
    applied = apply_applications(task)
    if json:
        return report.document({"branches": list(branches.values()), "applied": applied})
    for row in branches.values():
        state = "made" if row["made"] else "unchanged: it is there"
        report.say(f"{row['branch']}: {state}, at {row['remote']}")
    for line in applied:
        report.say(line)
    return _check_access(contexts)


def _check_access(contexts: Iterable[DeliveryContext]) -> None:
    """AksFlowError if an Argo CD may not read the branch."""
    for context in contexts:
        environment = next(iter(context.config.environments_here), "")
        if environment and not context.dry and (why := repository_access.check(context, environment)):
            report.note(why)


def deliver_task(task: TaskContext, env: str, version: str, digest: str, json: bool) -> None:
    _tell(deliver.deliver(_pulled(task, env), env, version, digest, task.dry), json)


def approve_task(task: TaskContext, env: str, version: str, reason: str, json: bool) -> None:
    _tell(approvals.approve(connect.delivery(task, env), env, version, reason, task.dry), json)


def undo_task(task: TaskContext, env: str, reason: str, json: bool) -> None:
    context = _pulled(task, env)
    outcome = undo.undo(context, env, reason, task.dry)
    if outcome.commit and (said := end_sync(context, env, outcome.commit)):
        report.note(said)
    _tell(outcome, json)


def release_hold_task(task: TaskContext, env: str, json: bool) -> None:
    _tell(undo.release(_pulled(task, env), env, task.dry), json)


def promote_task(task: TaskContext, source: str, target: str, pr: bool, json: bool) -> None:
    """With ``pr`` a pull request is opened instead of the branch being written."""
    origin, context = connect.deliveries(task, source, target)
    pushed_since.refuse(context, target)
    promotion = promote.read(context, source, target, origin)
    shown = promote.show(promotion)
    if not json:
        _show(shown)
    address = propose.propose(context, promotion) if pr and not task.dry else ""
    outcome = promote.write(promotion, dry=task.dry or pr)
    if json:
        return report.document({"outcome": outcome, **vars(shown), "pull_request": address})
    return report.say(f"{target}: proposed in {address}" if address else str(outcome))


def wait_task(task: TaskContext, env: str, revision: str, undo: bool, json: bool) -> None:
    context, wait = connect.delivery(task, env), wait_or_undo if undo else wait_for_arrival
    with through_proxy(context, env) as quick, report.verdicts(context.steps.done, json):
        outcome = wait(replace(quick, run=Patient(quick.run)), env, revision, report.note)
    job_summary.line(str(outcome))
    report.document(outcome) if json else report.say(str(outcome))


def sync_task(task: TaskContext, env: str, revision: str, json: bool) -> None:
    outcome = sync.sync(_pulled(task, env), env, revision, task.dry)
    job_summary.line(str(outcome))
    report.document(outcome) if json else report.say(str(outcome))


def status_task(task: TaskContext, json: bool) -> None:
    rows = [row for context in connect.deliveries(task) for row in status.read(context)]
    report.document(rows) if json else _show_rows(rows)


def drift_task(task: TaskContext) -> None:
    """The status; AksFlowError if an environment is not what its branch says, or a hold was forgotten."""
    rows, findings = [], []
    for context in connect.deliveries(task):
        here = status.read(context)
        held = drift.held_since(context, here)
        rows += here
        findings += [text for row in here for text in drift.findings(row, held, time.time())]
    _show_rows(rows)
    if findings:
        step = "Argo CD's own pages, or `kubectl get application --output yaml`, say more."
        raise AksFlowError("\n".join(findings) + "\n", next_step=step)


def _show_rows(rows: list[status.EnvironmentRow]) -> None:
    columns = [field.name for field in fields(status.EnvironmentRow)]
    report.table("what runs where", columns, [list(astuple(row)) for row in rows])


def _pulled(task: TaskContext, env: str) -> DeliveryContext:
    """The context of an environment whose last delivery was no push."""
    context = connect.delivery(task, env)
    pushed_since.refuse(context, env)
    return context


def _tell(outcome: WriteOutcome, json: bool) -> None:
    job_summary.line(str(outcome))
    if json:
        return report.document(outcome)
    if outcome.diff:
        report.say(outcome.diff.rstrip())
    return report.say(str(outcome))


def _show(shown: Shown) -> None:
    if shown.diff:
        report.say(shown.diff.rstrip())
    for line in shown.commits:
        report.say(f"brings {line}")
