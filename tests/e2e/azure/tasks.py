"""The tasks' own code against the rehearsal's Azure: a configuration, an owner's sign-in, the real az."""

import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import yaml

from aks_flow.azure.plan import facts, up
from aks_flow.azure.plan.plan import AzurePlanRequest
from aks_flow.azure.signin import session
from aks_flow.core.command import Command, Result
from aks_flow.core.config import Config
from aks_flow.core.config.load import load
from aks_flow.core.runner import Local
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.standins.azure import client

REPOSITORY = "Octo/vote"
ROOT = Path(__file__).resolve().parents[3]


@dataclass
class Recorder:
    """Runs commands here, and keeps them. strike: told of each one that changes something, before it runs."""

    strike: Callable[[Command], None] = lambda _: None
    ran: list[Command] = field(default_factory=list)

    def run(self, command: Command) -> Result:
        self.ran.append(command)
        if not command.reads:
            self.strike(command)
        return Local().run(command)

    def follow(self, command, hear):
        return Local().follow(command, hear)

    @property
    def changes(self) -> list[str]:
        return [str(command) for command in self.ran if not command.reads]


def configured(azure, folder: Path, **instead) -> Config:
    return load(settings(azure, folder, **instead), folder)


def settings(azure, folder: Path, **instead) -> dict:
    """The repository's invoke.yaml with this Azure as target; ``instead``: keys of its section `azure`.

    One environment to deliver to and one to publish from: the others are more of the same.
    """
    made = yaml.safe_load((ROOT / "invoke.yaml").read_text())
    made["target"] = "azure"
    section = made["azure"]
    section |= {"subscription": azure.seed.subscription, "tenant": azure.seed.tenant}
    section |= {"admins": {azure.seed.admins: "Group"}, **instead}
    section["github"] = {"repository": REPOSITORY, "environments": {"publish": "push"}}
    made["environments"] = {"dev": made["environments"]["dev"]}
    section["home"] = str(folder / "home")
    return made


def owner(azure, config: Config) -> None:
    """Sign the owner in, in the configuration's own folder."""
    home = azure.other(config.azure_home / "cli")
    client.sign_in_owner(Local(), replace(azure.client, home=home), azure.seed)


def wanted(config: Config) -> AzurePlanRequest:
    return AzurePlanRequest(config, session.az(config), REPOSITORY)


def bring_up(config: Config, recorder: Recorder) -> list:
    return up.up(session.AzSession(recorder), wanted(config), Steps(Silent()))


def state(config: Config) -> dict:
    """What there is, without what differs from one making to the next: ids, and names after the group."""
    found = facts.read(session.AzSession(Local()), session.az(config), config.azure)
    group = config.azure.group

    def plain(name: str) -> str:
        return name.lower().replace(group, "GROUP")

    names = {one["principalId"]: plain(name) for name, one in found.identities.items()}
    return {
        "tags": found.group["tags"],
        "registry": (found.registry["sku"]["name"], found.registry["adminUserEnabled"]),
        "cluster": (found.cluster["sku"]["tier"], found.cluster["provisioningState"]),
        "credentials": {
            plain(name): [(one["name"], one["subject"]) for one in ones]
            for name, ones in found.credentials.items()
        },
        "roles": sorted(
            (names.get(one["principalId"], "nodes"), one["roleDefinitionName"], plain(one["scope"]))
            for one in found.assignments
            if one["principalId"] in names or group in one["scope"].lower()
        ),
    }


def killed() -> None:
    """Run as a process: `azure.up`, killed while az carries out the change that argv names."""
    file, folder, needle = sys.argv[1:4]
    config = load(yaml.safe_load(Path(file).read_text()), Path(folder))

    def strike(command: Command) -> None:
        if needle in str(command):
            Local().start(command, Path(folder) / "orphan.log")  # az goes on without its parent
            os.kill(os.getpid(), signal.SIGKILL)

    bring_up(config, Recorder(strike))


if __name__ == "__main__":
    killed()
