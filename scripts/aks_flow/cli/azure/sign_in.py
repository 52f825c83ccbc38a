"""What `azure.login` and `.logout` do: steps of every job, also of those that have nothing to sign in to."""

import os

from aks_flow import report
from aks_flow.azure.signin import session, signin
from aks_flow.cli import workflow_variables
from aks_flow.cli.context import TaskContext
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.core.steps import Steps


def login_task(task: TaskContext, only: str, env: str | None) -> None:
    """env: one whose target is another; its images come from the configured target's registry."""
    if env is not None:
        task.config().environment(env)
    attached, config, steps = task.attached(), _config(task), task.steps()
    here = config if env is None else config.of(env)
    sign_in(attached, here, steps, only)
    if here.destination.registry != config.destination.registry and only != "cluster":
        sign_in(attached, config, steps, "registry")


def _config(task: TaskContext) -> Config:
    """With Azure as target; in a workflow with the target that it has, since its jobs deliver there."""
    return task.config() if workflow_variables.in_workflow(os.environ) else task.config(target="azure")


def sign_in(attached: Local, config: Config, steps: Steps, only: str = "") -> None:
    """Sign in to Azure, and to registry and cluster unless ``only`` one of them is asked for."""
    chosen = places(only)
    if config.destination.login != "azure":
        return report.say(f"nothing to do: target {config.target} asks for no sign-in to Azure")
    run = session.AzSession(attached, variables=session.variables(config))
    whole = signin.AzureSignIn(run, config, session.az(config), attached.attach, os.environ)
    return whole.everywhere(steps, chosen)


def places(only: str) -> tuple[str, ...]:
    """Registry and cluster, or ``only`` one of them; AksFlowError if it is neither."""
    if only and only not in signin.PLACES:
        step = f"Choose one of: {', '.join(signin.PLACES)}."
        raise AksFlowError(f"there is no {only!r} to log in to", where="--only", next_step=step)
    return (only,) if only else signin.PLACES


def logout_task(task: TaskContext) -> None:
    run, config = task.attached(), task.config()
    at_targets = {here.azure_home: here for here in map(config.at, config.targets)}
    inner_first = sorted(at_targets.items(), key=lambda item: -len(item[0].parts))
    gone = [here for home, here in inner_first if signin.sign_out(run, session.az(here), home)]
    for here in gone:
        report.say(f"{here.azure.home} is gone")
    if not gone:
        report.say("unchanged: nobody was signed in")
