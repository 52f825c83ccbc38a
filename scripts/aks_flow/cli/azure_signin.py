"""Signing in to Azure and out of it: steps of every job, also of those that have nothing to sign in to."""

from aks_flow.azure.signin import session, signin
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local, Runner
from aks_flow.core.steps import Steps
from aks_flow.report import report


def login(attached: Local, config: Config, steps: Steps, only: str) -> None:
    """Sign in to Azure, and to registry and cluster unless ``only`` one of them is wanted."""
    if only and only not in signin.PLACES:
        step = f"Choose one of: {', '.join(signin.PLACES)}."
        raise AksFlowError(f"there is no {only!r} to sign in to", where="--only", next_step=step)
    if config.destination.login != "azure":
        return report.say(f"nothing to do: target {config.target} asks for no sign-in to Azure")
    person = signin.own_logins(config)
    run = session.Session(attached)
    sign_in = signin.SignIn(run, config, session.az(config), attached.attach, person)
    return sign_in.everywhere(steps, (only,) if only else signin.PLACES)


def logout(run: Runner, config: Config) -> None:
    gone = signin.sign_out(run, session.az(config), config.azure_home)
    report.say(f"{config.azure.home} is gone" if gone else "unchanged: nobody was signed in")
