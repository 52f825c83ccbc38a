"""What the tasks `push.…` do: read, act, report."""

from datetime import UTC, datetime

from aks_flow import report
from aks_flow.cli import connect
from aks_flow.cli.context import TaskContext
from aks_flow.core.errors import AksFlowError
from aks_flow.push import deliver, drift, planning, promote
from aks_flow.push.history import rollback, store
from aks_flow.push.lock import manual
from aks_flow.push.request import PushRequest
from aks_flow.report import push


def plan_task(task: TaskContext, env: str, dirty: bool, json: bool) -> None:
    _plan(task, PushRequest(env, dirty=dirty), json)


def run_task(
    task: TaskContext, env: str, version: str, digest: str, dirty: bool, undo: bool, strategy: str, json: bool
) -> None:
    request = PushRequest(env, version, digest, dirty=dirty, undo=undo, strategy=strategy)
    _push(task, request, json)


def deploy_task(
    task: TaskContext, version: str, env: str, digest: str, undo: bool, strategy: str, json: bool
) -> None:
    if not version:
        step = "Name one that the registry holds; `./inv push` builds what is checked out."
        raise AksFlowError("there is no version to deploy", next_step=step)
    _push(task, PushRequest(env, version, digest, undo=undo, strategy=strategy, by_name=True), json)


def _plan(task: TaskContext, request: PushRequest, json: bool) -> None:
    context = connect.delivery(task, request.environment)
    push.show_plan(planning.read_plan(context, request), json)


def _push(task: TaskContext, request: PushRequest, json: bool) -> None:
    if task.dry:
        return _plan(task, request, json)
    context = connect.delivery(task, request.environment)
    with report.verdicts(context.steps.done, json):
        return push.show_outcome(deliver.push(context, request), context.steps.done, json)


def undo_task(task: TaskContext, env: str, to: str, json: bool) -> None:
    context = connect.delivery(task, env)
    if task.dry:
        return report.say(f"{env} would go back to {store.read(context, env).chosen(to)}")
    with report.verdicts(context.steps.done, json):
        return push.show_restored(env, rollback.undo(context, env, to), json)


def history_task(task: TaskContext, env: str, json: bool) -> None:
    push.show_history(store.read(connect.delivery(task, env), env), json)


def promote_task(task: TaskContext, env: str, json: bool) -> None:
    context = connect.delivery(task, env)
    if task.dry:
        return report.say(f"{env} would run {promote.read_waiting(context, env).last} alone")
    with report.verdicts(context.steps.done, json):
        return push.show_outcome(promote.promote(context, env), context.steps.done, json)


def reject_task(task: TaskContext, env: str, json: bool) -> None:
    context = connect.delivery(task, env)
    if task.dry:
        return report.say(f"{promote.read_waiting(context, env).last} would be removed from {env}")
    with report.verdicts(context.steps.done, json):
        return push.show_rejected(env, *promote.reject(context, env), json)


def drift_task(task: TaskContext) -> None:
    """AksFlowError if an environment is not as it was delivered, or a person's lock was forgotten."""
    contexts = connect.deliveries(task)
    drifts = [drift.read(context, name) for context in contexts for name in context.config.environments_here]
    now = datetime.now(UTC)
    rows = [[seen.environment, seen.delivered, seen.state(now)] for seen in drifts]
    report.table("drift", ["environment", "delivered", "now"], rows)
    for seen in drifts:
        report.diff(seen.diff)
        for text in seen.unread:
            report.note(f"{seen.environment}: {text}")
    texts = [text for seen in drifts for text in drift.findings(seen, now)]
    if texts:
        step = "Find out who changed it before it is put back."
        raise AksFlowError("\n".join(texts) + "\n", next_step=step)


def lock_task(task: TaskContext, env: str, reason: str) -> None:
    context = connect.delivery(task, env)
    if not reason.strip():
        step = 'Say why, as in `./inv push.lock --reason "looking into an outage"`.'
        raise AksFlowError("a lock needs a reason", next_step=step)
    made = manual.lock(context, env, reason)
    if not task.dry:  # what would be done was said
        report.say(f"{env} is {'locked' if made else 'unchanged: it is locked'}: {reason}")


def unlock_task(task: TaskContext, env: str) -> None:
    lease = manual.unlock(connect.delivery(task, env), env)
    if lease.holder is None:
        return report.say(f"{env} is unchanged: it is not locked")
    why = f": {lease.holder.reason}" if lease.holder.reason else ""
    verb = "would be" if task.dry else "is"
    return report.say(f"{env} {verb} unlocked; {lease.holder} had locked it at {lease.since[:19]}Z{why}")
