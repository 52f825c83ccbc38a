"""A team whose GitHub lets nobody push to main and develop: branches come there by pull requests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aks_flow.core.command import Command, Result
from aks_flow.core.config import Config
from aks_flow.core.runner import Runner
from aks_flow.gitflow.by_request import finishing
from aks_flow.gitflow.flow import Flow
from aks_flow.rehearsal.scenarios import routes
from aks_flow.rehearsal.standins.github import protection, pulls
from aks_flow.rehearsal.standins.github.api import listening, merging
from aks_flow.rehearsal.standins.github.event import BRANCH
from aks_flow.rehearsal.standins.github.hub import Hub


@dataclass(frozen=True)
class TeamRunner:
    """Runs everything; gh is told the way to the rehearsal's GitHub."""

    run_all: Runner
    told: dict[str, str]

    def run(self, command: Command) -> Result:
        return self.run_all.run(command.with_env(**self.told) if command.argv[0] == "gh" else command)


def runner(run: Runner, hub: Hub) -> TeamRunner:
    return TeamRunner(run, listening.told(hub))


@contextmanager
def protected(hub: Hub, config: Config) -> Iterator[None]:
    """Meanwhile GitHub refuses pushes to main and develop."""
    names = (routes.main(config), routes.develop(config))
    protection.protect(hub, {f"{BRANCH}{name}": ("GH006", protection.BY_REQUEST) for name in names})
    try:
        yield
    finally:
        protection.unprotect(hub)


def finish(flow: Flow, hub: Hub, kind: str, name: str, checked: Callable[[], object]) -> None:
    """Open the request, wait until it is checked, merge it as a person does; the workflow opens the next."""
    finishing.finish(flow, kind, name)
    while waiting := [pull for pull in pulls.all_of(hub) if pulls.state(hub, pull) == "open"]:
        checked()
        merging.merge(hub, waiting[0], "merge")
        checked()
    finishing.finish(flow, kind, name)  # here: what is merged goes, and the branches follow origin
