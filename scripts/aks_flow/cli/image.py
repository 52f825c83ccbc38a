"""What the tasks `image.…` do: read, act, report."""

import os
from functools import partial

from aks_flow import report
from aks_flow.cli import connect
from aks_flow.cli.context import TaskContext
from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import HUB, by_name
from aks_flow.core.runner import Local
from aks_flow.gitflow import policy
from aks_flow.gitflow.source import Source
from aks_flow.image import bring, build, builder, digests, moved_tags
from aks_flow.image.build import Built
from aks_flow.image.read_source import read_source
from aks_flow.report import image
from aks_flow.target import docker_login
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.docker_login import credentials
from aks_flow.target.registry import RegistryClient
from aks_flow.tools import docker

_NEW_PIN = "A new pin is a change like any other: commit it to a feature branch, whose checks build on it."


def build_task(task: TaskContext, dirty: bool, json: bool) -> None:
    context = connect.delivery(task)
    origin = read_source(context, dirty)
    if task.dry:
        return image.show_planned(build.planned(context, origin), json)
    return _show(context, origin, build.build(context, origin), json)


def push_task(task: TaskContext, dirty: bool, json: bool, remote: bool) -> None:
    context = connect.delivery(task, remote=remote)
    origin = read_source(context, dirty)
    if task.dry:
        return image.show_planned(build.planned(context, origin), json)
    return _show(context, origin, build.ensure(context, origin), json)


def builder_task(task: TaskContext) -> None:
    report.say(builder.choose(task.runner(), task.config().app))


def _show(context: DeliveryContext, origin: Source, built: Built, json: bool) -> None:
    digest = digests.write(built.images, context.config.app.own_image)
    admitting = {
        name: policy.admits(environment.admits, origin.version)
        for name, environment in context.config.environments.items()
    }
    image.show_built(built, digest, admitting, json)


def mirror_task(task: TaskContext, env: str | None) -> None:
    context = connect.delivery(task, env)
    with context.steps("mirror"):
        copies = bring.mirrored(context)
    for name, there in copies.items():
        report.say(f"{name}: {there}")


def drift_task(task: TaskContext) -> None:
    """AksFlowError if a pinned tag has moved, or if a registry cannot be asked."""
    read = moved_tags.read(task.config().images, partial(any_registry, Local()))
    if not read:
        report.say("unchanged: invoke.yaml names no third-party images")
    else:
        rows = [[pin.name, pin.source, pin] for pin in read]
        report.table("third-party images", ["name", "source", "now"], rows)
    if findings := [pin.finding for pin in read if pin.finding]:
        has_moved = any(pin.has_moved for pin in read)
        step = _NEW_PIN if has_moved else "Run the same command again where these registries answer."
        raise AksFlowError("\n".join(findings) + "\n", next_step=step)


def copy_task(task: TaskContext, version: str, env: str) -> None:
    """With the copies of third-party images; nothing where the environment has no registry of its own."""
    context = connect.delivery(task, env)
    image = bring.published(context, version)
    if context.publishing:
        bring.bring_copies(context.home, context)
    for name, there in by_name(image, context.config.app.own_image).items():
        report.say(f"{name}: {there}")


def any_registry(local: Local, host: str) -> RegistryClient:
    """A registry that images come from, with the person's own login. host: "docker.io" for Docker Hub."""
    is_hub = host == HUB
    known = credentials(local, docker.HUB_LOGIN if is_hub else host, docker_login.folder(os.environ))
    return RegistryClient("" if is_hub else host, known)
