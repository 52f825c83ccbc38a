"""What `login` and `logout` do, at every target: the first and the last step of a job."""

import os
from pathlib import Path

from aks_flow import report
from aks_flow.cli import workflow_variables
from aks_flow.cli.azure import sign_in
from aks_flow.cli.context import TaskContext
from aks_flow.core.config import Config
from aks_flow.core.config.errors import variable_of
from aks_flow.core.runner import Local
from aks_flow.report import job_summary
from aks_flow.target import job_login
from aks_flow.target.job_login import JobLogin

ENVIRONMENT = "AKSFLOW_ENVIRONMENT"


def login_task(task: TaskContext, only: str, env: str | None) -> None:
    """env: one whose target is another; a job may name it by a variable. Later steps find the settings."""
    places = sign_in.places(only)
    attached, config = task.attached(), task.config()
    for name, value in _settings(config).items():
        job_summary.variable(name, value)
    env = os.environ.get(ENVIRONMENT) or None if env is None else env
    here = config if env is None else config.of(env)
    if here.destination.login == "azure":
        return sign_in.login_task(task, only, env)
    if not workflow_variables.in_workflow(os.environ):
        return report.say(f"nothing to do: {here.target} takes docker's and kubectl's own logins")
    return _log_in(attached, here, task.steps(), places)


def _settings(config: Config) -> dict[str, str]:
    """The job's own, and the target that they led to."""
    return {**workflow_variables.settings(os.environ), variable_of("target"): config.target}


def _log_in(attached: Local, here: Config, steps, places: tuple[str, ...]) -> None:
    own = JobLogin(attached, here.destination, job_login.home(os.environ), os.environ)
    if "registry" in places:
        with steps("registry") as step:
            host = own.to_registry()
            step.note = host or f"nobody said how: {here.destination.registry_host} as docker is logged in"
        if host:
            job_summary.variable("DOCKER_CONFIG", str(own.docker))
    if "cluster" in places:
        with steps("cluster") as step:
            written = own.to_cluster()
            step.note = "the job's own kubeconfig" if written else "nobody said how: as kubectl is set up"
        if written:
            job_summary.variable(variable_of(f"targets.{here.target}.kubeconfig"), str(own.kubeconfig))


def logout_task(task: TaskContext) -> None:
    """Azure's too, wherever this run has signed in."""
    sign_in.logout_task(task)
    if workflow_variables.in_workflow(os.environ) and job_login.remove(Path(job_login.home(os.environ))):
        report.say("the job's own logins are gone")
