"""What the tasks of the two-tier app do, one function a task: read, act, report."""

from scripts import build, deploy, report, source
from scripts.deploy import Delivery


def push_plan(delivery: Delivery, environment: str, dirty: bool, as_json: bool) -> None:
    origin = source.read(delivery.run, delivery.config.root, dirty)
    report.plan(deploy.read_plan(delivery, origin, environment), as_json)


def push(delivery: Delivery, environment: str, dirty: bool, as_json: bool, dry: bool) -> None:
    if dry:
        return push_plan(delivery, environment, dirty, as_json)
    origin = source.read(delivery.run, delivery.config.root, dirty)
    return report.outcome(deploy.push(delivery, origin, environment), delivery.steps.done, as_json)


def deploy_version(delivery: Delivery, environment: str, version: str, as_json: bool) -> None:
    origin = source.read(delivery.run, delivery.config.root, allow_dirty=True)
    image = build.published(delivery.registry, delivery.config, version)
    copies = build.mirror(delivery.run, delivery.registry, delivery.config)
    with delivery.steps("plan"):
        plan = deploy.make_plan(delivery, origin, environment, image, copies)
    report.outcome(deploy.deploy(delivery, plan), delivery.steps.done, as_json)


def image_build(delivery: Delivery, dirty: bool, as_json: bool) -> None:
    origin = source.read(delivery.run, delivery.config.root, dirty)
    built = build.find(delivery.run, delivery.registry, delivery.config, origin)
    if not built:
        with delivery.steps("build"):
            built = build.Built(build.make(delivery.run, delivery.config, origin), origin.tree, new=True)
    report.image(built, as_json)


def image_push(delivery: Delivery, dirty: bool, as_json: bool) -> None:
    origin = source.read(delivery.run, delivery.config.root, dirty)
    with delivery.steps("image"):
        built = build.ensure(delivery.run, delivery.registry, delivery.config, origin)
    report.image(built, as_json)


def image_mirror(delivery: Delivery) -> None:
    with delivery.steps("mirror"):
        copies = build.mirror(delivery.run, delivery.registry, delivery.config)
    for name, copy in copies.items():
        report.say(f"{name}: {copy}")
