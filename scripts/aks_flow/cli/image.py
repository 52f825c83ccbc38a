"""What the tasks `image.…` do: read, act, report."""

from aks_flow.cli import connect
from aks_flow.cli.context import TaskContext
from aks_flow.gitflow import source
from aks_flow.image import build, mirror
from aks_flow.report import report


def build_task(task: TaskContext, dirty: bool, json: bool) -> None:
    context = connect.delivery(task)
    origin = source.read(context.run, task.root, dirty)
    if task.dry:
        return report.planned_image(build.planned(context, origin), json)
    built = build.find(context, origin)
    if not built:
        image = build.build(context, origin)
        built = build.Built(image, image.tag, new=True)
    return report.image(built, json)


def push_task(task: TaskContext, dirty: bool, json: bool, remote: bool) -> None:
    context = connect.delivery(task, remote=remote)
    origin = source.read(context.run, task.root, dirty)
    if task.dry:
        return report.planned_image(build.planned(context, origin), json)
    return report.image(build.ensure(context, origin), json)


def mirror_task(task: TaskContext) -> None:
    context = connect.delivery(task)
    with context.steps("mirror"):
        copies = mirror.mirror(context)
    for name, copy in copies.items():
        report.say(f"{name}: {copy}")
