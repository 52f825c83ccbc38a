"""What the tasks of the two-tier app do, one function a task: read, act, report."""

from datetime import UTC, datetime

from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import source
from aks_flow.image import build
from aks_flow.image.mirror import mirror
from aks_flow.push import deliver, drift, plan, promote
from aks_flow.push.history import rollback, store
from aks_flow.push.lock import manual
from aks_flow.push.request import PushRequest
from aks_flow.report import report
from aks_flow.target.delivery import DeliveryContext


def push_plan(context: DeliveryContext, environment: str, dirty: bool, as_json: bool) -> None:
    report.plan(plan.read_plan(context, PushRequest(environment, dirty=dirty)), as_json)


def push(
    context: DeliveryContext,
    environment: str,
    dirty: bool,
    undo: bool,
    strategy: str,
    as_json: bool,
    dry: bool,
) -> None:
    request = PushRequest(environment, dirty=dirty, undo=undo, strategy=strategy)
    if dry:
        return report.plan(plan.read_plan(context, request), as_json)
    return _push(context, request, as_json)


def deploy_version(
    context: DeliveryContext, environment: str, version: str, undo: bool, strategy: str, as_json: bool
) -> None:
    _push(context, PushRequest(environment, version, undo=undo, strategy=strategy), as_json)


def _push(context: DeliveryContext, request: PushRequest, as_json: bool) -> None:
    with report.verdicts(context.steps.done, as_json):
        report.outcome(deliver.push(context, request), context.steps.done, as_json)


def push_undo(context: DeliveryContext, environment: str, to: str, as_json: bool, dry: bool) -> None:
    if dry:
        revision = store.read(context, environment).chosen(to)
        return report.say(f"{environment} would go back to {revision}")
    with report.verdicts(context.steps.done, as_json):
        return report.restored(environment, rollback.undo(context, environment, to), as_json)


def push_history(context: DeliveryContext, environment: str, as_json: bool) -> None:
    report.history(store.read(context, environment), as_json)


def push_promote(context: DeliveryContext, environment: str, as_json: bool, dry: bool) -> None:
    if dry:
        return report.say(f"{environment} would run {promote.read_waiting(context, environment).last} alone")
    with report.verdicts(context.steps.done, as_json):
        return report.outcome(promote.promote(context, environment), context.steps.done, as_json)


def push_reject(context: DeliveryContext, environment: str, as_json: bool, dry: bool) -> None:
    if dry:
        return report.say(f"{environment} would lose {promote.read_waiting(context, environment).last}")
    with report.verdicts(context.steps.done, as_json):
        return report.rejected(environment, *promote.reject(context, environment), as_json)


def push_drift(context: DeliveryContext) -> None:
    """AksFlowError if an environment is not as it was delivered, or a person's lock was forgotten."""
    drifts = [drift.read(context, name) for name in context.config.environments]
    rows = [[seen.environment, str(seen.revision or "nothing delivered"), _state(seen)] for seen in drifts]
    report.table("drift", ["environment", "delivered", "now"], rows)
    for seen in drifts:
        report.diff(seen.diff)
    texts = [text for seen in drifts for text in drift.findings(seen, datetime.now(UTC))]
    if texts:
        raise AksFlowError(
            "\n".join(texts) + "\n", next_step="Find out who changed it before it is put back."
        )


def _state(seen: drift.Drift) -> str:
    if seen.revision is None:
        return ""
    return "differs" if seen.diff else "as delivered" if seen.revision.packed else "too large to be compared"


def push_lock(context: DeliveryContext, environment: str, reason: str, dry: bool) -> None:
    if not reason.strip():
        step = 'Say why, as in `./inv push.lock --reason "looking into an outage"`.'
        raise AksFlowError("a lock needs a reason", next_step=step)
    made = manual.lock(context, environment, reason)
    if dry:
        return None  # what would be done was said
    return report.say(f"{environment} is {'locked' if made else 'unchanged: it is locked'}: {reason}")


def push_unlock(context: DeliveryContext, environment: str, dry: bool) -> None:
    was = manual.unlock(context, environment)
    if was.holder is None:
        return report.say(f"{environment} is unchanged: it is not locked")
    why = f": {was.holder.reason}" if was.holder.reason else ""
    verb = "would be" if dry else "is"
    return report.say(f"{environment} {verb} unlocked; {was.holder} had locked it at {was.since[:19]}Z{why}")


def image_build(context: DeliveryContext, dirty: bool, as_json: bool, dry: bool) -> None:
    origin = source.read(context.run, context.config.root, dirty)
    if dry:
        return report.planned_image(build.planned(context, origin), as_json)
    built = build.find(context, origin)
    if not built:
        made = build.build(context, origin)
        built = build.Built(made, made.tag, new=True)
    return report.image(built, as_json)


def image_push(context: DeliveryContext, dirty: bool, as_json: bool, dry: bool) -> None:
    origin = source.read(context.run, context.config.root, dirty)
    if dry:
        return report.planned_image(build.planned(context, origin), as_json)
    built = build.ensure(context, origin)
    return report.image(built, as_json)


def image_mirror(context: DeliveryContext) -> None:
    with context.steps("mirror"):
        copies = mirror(context)
    for name, copy in copies.items():
        report.say(f"{name}: {copy}")
