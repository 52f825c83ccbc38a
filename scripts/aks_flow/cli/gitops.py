"""What the tasks of the pull path do, one function a task: read, act, report."""

import time
from dataclasses import astuple, fields

from aks_flow.core.errors import AksFlowError
from aks_flow.gitops import deliver as delivering
from aks_flow.gitops import drift as drifting
from aks_flow.gitops import propose as proposing
from aks_flow.gitops import status as statuses
from aks_flow.gitops import undo as undoing
from aks_flow.gitops.branch import init as beginning
from aks_flow.gitops.branch.branch import open_branch
from aks_flow.gitops.outcome import Outcome
from aks_flow.gitops.promote import Promotion, Shown
from aks_flow.gitops.wait import arrival
from aks_flow.report import job_summary, report
from aks_flow.target.delivery import DeliveryContext


def init(context: DeliveryContext, as_json: bool) -> None:
    branch = open_branch(context.run, context.config)
    made = beginning.init(branch)
    if as_json:
        return report.document({"branch": branch.name, "remote": branch.remote, "made": made})
    return report.say(f"{branch.name}: {'made' if made else 'unchanged: it is there'}, at {branch.remote}")


def deliver(context: DeliveryContext, environment: str, version: str, as_json: bool, dry: bool) -> None:
    _tell(delivering.deliver(context, environment, version, dry), as_json)


def undo(context: DeliveryContext, environment: str, reason: str, as_json: bool, dry: bool) -> None:
    _tell(undoing.undo(context, environment, reason, dry), as_json)


def release_hold(context: DeliveryContext, environment: str, as_json: bool, dry: bool) -> None:
    _tell(undoing.release(context, environment, dry), as_json)


def promote(context: DeliveryContext, source: str, target: str, pr: bool, as_json: bool, dry: bool) -> None:
    """With ``pr`` a pull request is opened instead of the branch being written."""
    promotion = Promotion(context, source, target)
    shown = promotion.shown()
    if not as_json:
        _show(shown)
    address = proposing.propose(context, promotion) if pr and not dry else ""
    outcome = promotion.land(dry=dry or pr)
    if as_json:
        return report.document({"outcome": outcome, **vars(shown), "pull_request": address})
    return report.say(f"{target}: proposed in {address}" if address else str(outcome))


def wait(context: DeliveryContext, environment: str, revision: str, as_json: bool) -> None:
    with report.verdicts(context.steps.done, as_json):
        found = arrival.arrive(context, environment, revision, report.note)
    job_summary.line(str(found))
    report.document(found) if as_json else report.say(str(found))


def status(context: DeliveryContext, as_json: bool) -> None:
    rows = statuses.read(context)
    report.document(rows) if as_json else _show_rows(rows)


def _show_rows(rows: list[statuses.Row]) -> None:
    columns = [field.name for field in fields(statuses.Row)]
    report.table("what runs where", columns, [list(astuple(row)) for row in rows])


def drift(context: DeliveryContext) -> None:
    """The status; AksFlowError if an environment is not what its branch says, or a hold was forgotten."""
    rows = statuses.read(context)
    _show_rows(rows)
    held = drifting.held_since(context, rows)
    found = [text for row in rows for text in drifting.findings(row, held, time.time())]
    if found:
        step = "Argo CD's own pages, or `kubectl get application --output yaml`, say more."
        raise AksFlowError("\n".join(found) + "\n", next_step=step)


def _tell(outcome: Outcome, as_json: bool) -> None:
    job_summary.line(str(outcome))
    if as_json:
        return report.document(outcome)
    if outcome.diff:
        report.say(outcome.diff.rstrip())
    return report.say(str(outcome))


def _show(shown: Shown) -> None:
    if shown.diff:
        report.say(shown.diff.rstrip())
    for line in shown.commits:
        report.say(f"brings {line}")
