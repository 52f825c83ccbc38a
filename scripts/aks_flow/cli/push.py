"""What the tasks of the two-tier app do, one function a task: read, act, report."""

from datetime import UTC, datetime

from aks_flow import push as deploy
from aks_flow.core.errors import AksFlowError
from aks_flow.gitflow import source
from aks_flow.image import build
from aks_flow.push import lock
from aks_flow.push.strategy import names
from aks_flow.report import report
from aks_flow.target.delivery import Delivery


def push_plan(delivery: Delivery, environment: str, dirty: bool, as_json: bool) -> None:
    origin = source.read(delivery.run, delivery.config.root, dirty)
    report.plan(deploy.read_plan(delivery, origin, environment), as_json)


def push(
    delivery: Delivery,
    environment: str,
    dirty: bool,
    undo: bool,
    strategy: str,
    as_json: bool,
    dry: bool,
) -> None:
    names.check(strategy)
    if dry:
        return push_plan(delivery, environment, dirty, as_json)
    origin = source.read(delivery.run, delivery.config.root, dirty)
    with report.verdicts(delivery.steps.done, as_json):
        outcome = deploy.push(delivery, origin, environment, undo, strategy)
        return report.outcome(outcome, delivery.steps.done, as_json)


def push_undo(delivery: Delivery, environment: str, to: str, as_json: bool, dry: bool) -> None:
    if dry:
        back = deploy.chosen(deploy.read_history(delivery, environment), to)
        return report.say(f"{environment} would go back to {back}")
    with report.verdicts(delivery.steps.done, as_json):
        return report.restored(environment, deploy.undo(delivery, environment, to), as_json)


def push_history(delivery: Delivery, environment: str, as_json: bool) -> None:
    report.history(deploy.read_history(delivery, environment), as_json)


def push_promote(delivery: Delivery, environment: str, as_json: bool, dry: bool) -> None:
    if dry:
        return report.say(f"{environment} would run {deploy.waiting(delivery, environment).last} alone")
    with report.verdicts(delivery.steps.done, as_json):
        return report.outcome(deploy.promote(delivery, environment), delivery.steps.done, as_json)


def push_reject(delivery: Delivery, environment: str, as_json: bool, dry: bool) -> None:
    if dry:
        return report.say(f"{environment} would lose {deploy.waiting(delivery, environment).last}")
    with report.verdicts(delivery.steps.done, as_json):
        return report.rejected(environment, *deploy.reject(delivery, environment), as_json)


def push_drift(delivery: Delivery) -> None:
    """AksFlowError if an environment is not as it was delivered, or a person's lock was forgotten."""
    seen = [deploy.drift.read(delivery, name) for name in delivery.config.environments]
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
    delivery: Delivery, environment: str, version: str, undo: bool, strategy: str, as_json: bool
) -> None:
    names.check(strategy)
    origin = source.read(delivery.run, delivery.config.root)
    image = build.published(delivery.registry, delivery.config, version)
    copies = build.mirror(delivery)
    wanted = deploy.Wanted(origin, environment, image, copies, undo=undo, strategy=strategy)
    with report.verdicts(delivery.steps.done, as_json):
        report.outcome(deploy.deliver(delivery, wanted), delivery.steps.done, as_json)


def push_lock(delivery: Delivery, environment: str, reason: str, dry: bool) -> None:
    if not reason.strip():
        step = 'Say why, as in `./inv push.lock --reason "looking into an outage"`.'
        raise AksFlowError("a lock needs a reason", next_step=step)
    made = lock.lock(delivery, environment, reason)
    if dry:
        return None  # what would be done was said
    return report.say(f"{environment} is {'locked' if made else 'unchanged: it is locked'}: {reason}")


def push_unlock(delivery: Delivery, environment: str, dry: bool) -> None:
    was = lock.unlock(delivery, environment)
    if was.holder is None:
        return report.say(f"{environment} is unchanged: it is not locked")
    why = f": {was.holder.reason}" if was.holder.reason else ""
    verb = "would be" if dry else "is"
    return report.say(f"{environment} {verb} unlocked; {was.holder} had locked it at {was.since[:19]}Z{why}")


def image_build(delivery: Delivery, dirty: bool, as_json: bool, dry: bool) -> None:
    origin = source.read(delivery.run, delivery.config.root, dirty)
    if dry:
        return report.planned_image(build.planned(delivery, origin), as_json)
    built = build.find(delivery, origin)
    if not built:
        made = build.make(delivery, origin)
        built = build.Built(made, made.tag, new=True)
    return report.image(built, as_json)


def image_push(delivery: Delivery, dirty: bool, as_json: bool, dry: bool) -> None:
    origin = source.read(delivery.run, delivery.config.root, dirty)
    if dry:
        return report.planned_image(build.planned(delivery, origin), as_json)
    built = build.ensure(delivery, origin)
    return report.image(built, as_json)


def image_mirror(delivery: Delivery) -> None:
    with delivery.steps("mirror"):
        copies = build.mirror(delivery)
    for name, copy in copies.items():
        report.say(f"{name}: {copy}")
