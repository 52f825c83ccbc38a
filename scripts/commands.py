"""What the tasks of the two-tier app do, one function a task: read, act, report."""

from scripts import build, deploy, report, source
from scripts.delivery import Delivery


def push_plan(delivery: Delivery, environment: str, dirty: bool, as_json: bool) -> None:
    origin = source.read(delivery.run, delivery.config.root, dirty)
    report.plan(deploy.read_plan(delivery, origin, environment), as_json)


def push(delivery: Delivery, environment: str, dirty: bool, as_json: bool, dry: bool) -> None:
    if dry:
        return push_plan(delivery, environment, dirty, as_json)
    origin = source.read(delivery.run, delivery.config.root, dirty)
    return report.outcome(deploy.push(delivery, origin, environment), delivery.steps.done, as_json)


def deploy_version(delivery: Delivery, environment: str, version: str, as_json: bool) -> None:
    origin = source.read(delivery.run, delivery.config.root)
    image = build.published(delivery.registry, delivery.config, version)
    copies = build.mirror(delivery)
    with delivery.steps("plan"):
        plan = deploy.make_plan(delivery, origin, environment, image, copies)
    report.outcome(deploy.deploy(delivery, plan), delivery.steps.done, as_json)


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
