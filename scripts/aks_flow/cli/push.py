"""What the tasks of the two-tier app do, one function a task: read, act, report."""

from datetime import UTC, datetime

from aks_flow import push as deploy
from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import source
from aks_flow.image import build
from aks_flow.image.mirror import mirror
from aks_flow.image.names import published
from aks_flow.push import lock
from aks_flow.push.strategy import names
from aks_flow.report import report
from aks_flow.target.delivery import DeliveryContext


def push_plan(context: DeliveryContext, environment: str, dirty: bool, as_json: bool) -> None:
    origin = source.read(context.run, context.config.root, dirty)
    report.plan(deploy.read_plan(context, origin, environment), as_json)


def push(
    context: DeliveryContext,
    environment: str,
    dirty: bool,
    undo: bool,
    strategy: str,
    as_json: bool,
    dry: bool,
) -> None:
    names.check(strategy)
    if dry:
        return push_plan(context, environment, dirty, as_json)
    origin = source.read(context.run, context.config.root, dirty)
    with report.verdicts(context.steps.done, as_json):
        outcome = deploy.push(context, origin, environment, undo, strategy)
        return report.outcome(outcome, context.steps.done, as_json)


def push_undo(context: DeliveryContext, environment: str, to: str, as_json: bool, dry: bool) -> None:
    if dry:
        back = deploy.chosen(deploy.read_history(context, environment), to)
        return report.say(f"{environment} would go back to {back}")
    with report.verdicts(context.steps.done, as_json):
        return report.restored(environment, deploy.undo(context, environment, to), as_json)


def push_history(context: DeliveryContext, environment: str, as_json: bool) -> None:
    report.history(deploy.read_history(context, environment), as_json)


def push_promote(context: DeliveryContext, environment: str, as_json: bool, dry: bool) -> None:
    if dry:
        return report.say(f"{environment} would run {deploy.waiting(context, environment).last} alone")
    with report.verdicts(context.steps.done, as_json):
        return report.outcome(deploy.promote(context, environment), context.steps.done, as_json)


def push_reject(context: DeliveryContext, environment: str, as_json: bool, dry: bool) -> None:
    if dry:
        return report.say(f"{environment} would lose {deploy.waiting(context, environment).last}")
    with report.verdicts(context.steps.done, as_json):
        return report.rejected(environment, *deploy.reject(context, environment), as_json)


def push_drift(context: DeliveryContext) -> None:
    """AksFlowError if an environment is not as it was delivered, or a person's lock was forgotten."""
    seen = [deploy.drift.read(context, name) for name in context.config.environments]
    rows = [[one.environment, str(one.revision or "nothing delivered"), _state(one)] for one in seen]
    report.table("drift", ["environment", "delivered", "now"], rows)
    for one in seen:
        report.diff(one.diff)
    found = [text for one in seen for text in deploy.drift.findings(one, datetime.now(UTC))]
    if found:
        raise AksFlowError(
            "\n".join(found) + "\n", next_step="Find out who changed it before it is put back."
        )


def _state(one) -> str:
    if one.revision is None:
        return ""
    return "differs" if one.diff else "as delivered" if one.revision.packed else "too large to be compared"


def deploy_version(
    context: DeliveryContext, environment: str, version: str, undo: bool, strategy: str, as_json: bool
) -> None:
    names.check(strategy)
    origin = source.read(context.run, context.config.root)
    image = published(context.registry, context.config, version)
    copies = mirror(context)
    wanted = deploy.Wanted(origin, environment, image, copies, undo=undo, strategy=strategy)
    with report.verdicts(context.steps.done, as_json):
        report.outcome(deploy.deliver(context, wanted), context.steps.done, as_json)


def push_lock(context: DeliveryContext, environment: str, reason: str, dry: bool) -> None:
    if not reason.strip():
        step = 'Say why, as in `./inv push.lock --reason "looking into an outage"`.'
        raise AksFlowError("a lock needs a reason", next_step=step)
    made = lock.lock(context, environment, reason)
    if dry:
        return None  # what would be done was said
    return report.say(f"{environment} is {'locked' if made else 'unchanged: it is locked'}: {reason}")


def push_unlock(context: DeliveryContext, environment: str, dry: bool) -> None:
    was = lock.unlock(context, environment)
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
