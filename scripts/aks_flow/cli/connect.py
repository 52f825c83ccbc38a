"""A target's configuration -> what a delivery works with: runner, registry, a way to copy images."""

import os
from collections.abc import Callable
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from aks_flow.azure import acr_build
from aks_flow.azure.command_invoke import CommandInvoke
from aks_flow.azure.signin import session
from aks_flow.azure.signin.session import AzSession
from aks_flow.azure.signin.signin import AzureSignIn
from aks_flow.cli.context import TaskContext
from aks_flow.core.command import Command, Result, Secret
from aks_flow.core.config import Config, previews
from aks_flow.core.config.target import Target
from aks_flow.core.errors import AksFlowError
from aks_flow.core.names import COMMAND_INVOKE
from aks_flow.core.runner import Local, Runner, RunnerAround
from aks_flow.core.steps import Silent, Steps
from aks_flow.target import docker_login
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.docker_login import credentials
from aks_flow.target.registry import RegistryClient
from aks_flow.target.registry_session import Credentials
from aks_flow.target.request_limit import Limited
from aks_flow.target.ssh_runner import JumpHost
from aks_flow.tools import docker
from aks_flow.tools.az import acr


class Routed(RunnerAround):
    """Commands that talk to the cluster run ``there``, all others here. Only the former can be followed."""

    def __init__(self, here: Runner, there: Runner):
        super().__init__(there)
        self._here = here

    def run(self, command: Command) -> Result:
        return (self.inner if command.cluster else self._here).run(command)


def delivery(task: TaskContext, environment: str | None = None, remote: bool = False) -> DeliveryContext:
    """What a task delivers with: at the environment's target, or at the configured one.

    environment: that the task was asked for; ConfigError, before anything runs, if there is no such one.
    remote: images are built in the registry.
    """
    config = task.config()
    here = config if environment is None else config.of(environment)
    return _delivery(task, config, here, task.steps(), remote)


def preview(task: TaskContext, number: int) -> DeliveryContext:
    """As `delivery`, for a pull request's environment; ConfigError if pull requests get none."""
    config = task.config().with_preview(number)
    return _delivery(task, config, config.of(previews.name(number)), task.steps())


def deliveries(task: TaskContext, *environments: str) -> list[DeliveryContext]:
    """As `delivery`, for several environments; by default for all, and then one for each target."""
    config, steps = task.config(), task.steps()
    configs = [config.of(name) for name in environments] or _of_each_target(config)
    return [_delivery(task, config, here, steps) for here in configs]


def _of_each_target(config: Config) -> list[Config]:
    targets = dict.fromkeys(environment.target for environment in config.environments.values())
    return [config.of(next(iter(config.at(name).environments_here))) for name in targets]


def _delivery(
    task: TaskContext, config: Config, here: Config, steps: Steps, remote: bool = False
) -> DeliveryContext:
    """config: the configured target's, where images are published. here: as an environment has it."""
    context = connect(here, Local(), task.watched, steps, remote)
    publishing = None
    if here.target != config.target:
        publishing = cache(partial(_delivery, task, config, config, steps))
    return replace(context, publishing=publishing, dry=task.dry)


def connect(
    config: Config, local: Local, wrap: Callable[[Runner], Runner], steps: Steps, remote: bool = False
) -> DeliveryContext:
    """What a delivery works with, at the configured target.

    wrap: put around the target's runner. remote: build in the registry, AksFlowError where it cannot.
    """
    target = config.destination
    run = wrap(Limited(_runner(config, target, local)))
    host = target.registry_host
    again = partial(_renewed, config, local) if target.login == "azure" else None
    registry = RegistryClient(host, credentials(run, host, docker_folder(config)), again)
    build = _build(config, target) if remote else None
    return DeliveryContext(run, registry, config, steps, _copy_image(config, target), build)


def docker_folder(config: Config) -> Path:
    """Where the logins to the target's registry are: on Azure the run's own, elsewhere the person's."""
    is_azure = config.destination.login == "azure"
    return session.docker_home(config) if is_azure else docker_login.folder(os.environ)


def _runner(config: Config, target: Target, local: Local) -> Runner:
    here: Runner = local
    if target.login == "azure":
        here = AzSession(local, partial(_renew, config, local), session.variables(config))
    if target.via == COMMAND_INVOKE:
        return Routed(here, CommandInvoke(here, session.az(config), config.azure))
    return Routed(here, JumpHost(target.via)) if target.via else here


def _renew(config: Config, local: Local) -> None:
    """Sign in again, where that asks nobody: in a job to Azure too, elsewhere to the registry alone."""
    run = AzSession(local, variables=session.variables(config))
    AzureSignIn(run, config, session.az(config), local.attach, os.environ).again(Steps(Silent()))


def _renewed(config: Config, local: Local) -> Credentials | None:
    _renew(config, local)
    return credentials(local, config.destination.registry_host, docker_folder(config))


def _build(config: Config, target: Target):
    if target.login != "azure":
        step = "Build with the engine: leave --remote out."
        raise AksFlowError(f"the registry of target {config.target} builds nothing", next_step=step)
    return partial(acr_build.build, session.az(config), config.azure)


def _copy_image(config: Config, target: Target):
    """Through the engine; or, on Azure, from registry to registry."""
    if target.login != "azure":
        return docker.bring
    az, password = session.az(config), _hub_password(config)
    return lambda original, copy: (acr.bring(az, config.azure, original, copy, password),)


def _hub_password(config: Config) -> Secret | None:
    """The password of the account at Docker Hub; None if the configuration names no account."""
    account = config.azure.docker_hub
    if not account.user:
        return None
    if not (password := os.environ.get(account.password_from)):
        step = f"Set it to a token of {account.user} at Docker Hub, or leave azure.docker_hub.user empty."
        raise AksFlowError("the variable is empty", where=account.password_from, next_step=step)
    return Secret(password)
