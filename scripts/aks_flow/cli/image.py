"""What the tasks `image.…` do: read, act, report."""

from aks_flow import report
from aks_flow.cli import connect
from aks_flow.cli.context import TaskContext
from aks_flow.gitflow import source
from aks_flow.image import build, mirror
from aks_flow.report import image


def build_task(task: TaskContext, dirty: bool, json: bool) -> None:
    context = connect.delivery(task)
    origin = source.read(context.run, task.root, dirty)
    if task.dry:
        return image.show_planned(build.planned(context, origin), json)
    return image.show_built(build.build(context, origin), json)


def push_task(task: TaskContext, dirty: bool, json: bool, remote: bool) -> None:
    context = connect.delivery(task, remote=remote)
    origin = source.read(context.run, task.root, dirty)
    if task.dry:
        return image.show_planned(build.planned(context, origin), json)
    return image.show_built(build.ensure(context, origin), json)


def mirror_task(task: TaskContext) -> None:
    context = connect.delivery(task)
    with context.steps("mirror"):
        copies = mirror.mirror(context)
    for name, copy in copies.items():
        report.say(f"{name}: {copy}")
