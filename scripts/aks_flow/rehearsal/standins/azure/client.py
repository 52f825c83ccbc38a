"""How `az` is led to the stand-in: variables, and a folder of its own in which the cloud is registered."""

import configparser
import datetime
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command, Secret, command
from aks_flow.core.runner import Runner
from aks_flow.rehearsal.standins.azure import azure_cli
from aks_flow.rehearsal.standins.azure.seed import Seed

CLOUD = "rehearsal"


@dataclass(frozen=True)
class Client:
    """az: the program. home: its AZURE_CONFIG_DIR. certificate: the stand-in's, which az and docker trust."""

    az: Path
    home: Path
    certificate: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables of whoever is to reach the stand-in instead of Azure; nothing else is reached."""
        return {
            "PATH": os.pathsep.join((str(self.az.parent), os.environ.get("PATH", ""))),
            "AZURE_CONFIG_DIR": str(self.home),
            "REQUESTS_CA_BUNDLE": str(self.certificate),
            "SSL_CERT_FILE": str(self.certificate),  # BuildKit's client asks for the registry's token itself
            # The vaults' names lead to loopback through the stand-in itself, and no other name anywhere.
            **{"HTTPS_PROXY": self.url.replace("https", "http", 1), "NO_PROXY": "localhost,127.0.0.1"},
            "AZURE_CORE_INSTANCE_DISCOVERY": "false",
            "AZURE_CORE_COLLECT_TELEMETRY": "false",
            "AZURE_CORE_SURVEY_MESSAGE": "false",
            "AZURE_CORE_LOGIN_EXPERIENCE_V2": "false",
            "AZURE_EXTENSION_USE_DYNAMIC_INSTALL": "no",
        }

    def command(self, *words: object, **rest) -> Command:
        return command(self.az, *words, env=self.environment, **rest)


def prepare(run: Runner, folder: Path, home: Path, url: str, tell: Callable[[str], None]) -> Client:
    """`az`, installed if need be, with the stand-in at ``url`` as its cloud; ``folder``: the stand-in's."""
    client = Client(azure_cli.ensure(run, tell), home, folder / "tls.crt", url)
    _know_own_version(home)
    if not _is_registered(home, url):
        endpoint = ("--endpoint-resource-manager", url)
        run.run(client.command("cloud", "register", "--name", CLOUD, *endpoint))
        run.run(client.command("cloud", "set", "--name", CLOUD))
    return client


def _know_own_version(home: Path) -> None:
    """A new folder makes az ask the internet for its newest version, unless its own is noted there."""
    file, own = home / "versionCheck.json", {"local": azure_cli.version()}
    if not file.is_file():
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        known = {"azure-cli": own, "core": own}
        file.write_text(json.dumps({"versions": known, "update_time": str(datetime.datetime.now())}))


def _is_registered(home: Path, url: str) -> bool:
    """True if az's own file has the cloud at this address; one with another address is removed."""
    file = home / "clouds.config"
    known = configparser.ConfigParser(interpolation=None)
    known.read(file)
    if known.get(CLOUD, "endpoint_resource_manager", fallback="") == url:
        return True
    file.unlink(missing_ok=True)
    return False


def sign_in_owner(run: Runner, client: Client, seed: Seed) -> None:
    """As the application that owns the subscription; its secret travels by standard input."""
    who = ("--service-principal", "--username", seed.owner, "--tenant", seed.tenant)
    secret = Secret(seed.owner_secret)
    run.run(client.command("login", *who, "--password", "@-", "--output", "none", stdin=secret))
