"""Each call, and each value of the configuration, is one that the real az takes: as far as it judges alone.

`test_tasks_calls` has each call answered, too, which takes minutes.
"""

import copy
import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from aks_flow.azure.plan import plan
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.core.command import Secret
from aks_flow.core.config import Config
from aks_flow.core.config.azure import KINDS, PURPOSES
from aks_flow.core.config.load import load
from aks_flow.core.image_ref import ImageRef
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.azure import azure_cli
from aks_flow.tools.az import Az, keyvault
from tests.e2e.azure import az_values, calls
from tests.unit.azure import subscription

ROOT = Path(__file__).resolve().parents[3]
OBJECT = "11111111-2222-3333-4444-555555555555"
# A part of the section `azure` -> what is set there, one after the other.
VALUES = {
    "registry": [{"sku": sku} for sku in ("Basic", "Standard", "Premium")],
    "cluster": [
        *({"tier": tier} for tier in ("free", "standard", "premium")),
        *({"upgrades": channel} for channel in ("none", "patch", "stable", "node-image")),
        *({"version": version, "upgrades": "none"} for version in ("1.35", "1.35.5")),
        *({"allowed": allowed} for allowed in (["8.8.8.8"], ["8.8.8.8", "1.1.1.0/24"])),
        *({"min_nodes": low, "max_nodes": high} for low, high in ((1, 1), (4, 9))),
        *({"access": "private"}, {"ingress": "gateway"}, {"argocd": "extension"}, {"invoke": "jobs"}),
        {"node_size": "small"},
    ],
    "github": [{"environments": {f"a-{purpose}": purpose}} for purpose in PURPOSES if purpose != "undo"],
    "admins": [{OBJECT: kind} for kind in KINDS],
    "": [{"vault": "votes-vault"}, {"vault": "votes-vault", "vault_accounts": ["front", "redis"]}],
}
ASKS_FIRST = (keyvault.recover,)  # az asks Azure for the vault before it judges the call
_AKS = "az aks create --resource-group=g"
# What az must refuse without asking Azure: else it has judged nothing here.
WRONG = {
    "a choice that is none": "az acr create --name=votes --resource-group=g --sku=Gold",
    "a reserved address": f"{_AKS} --name=a --api-server-authorized-ip-ranges=10.0.0.0/8",
    "a name that is none": f"{_AKS} --name=-a",
    "an option that is none": "az identity create --name=i --resource-group=g --colour=red",
    "no name": "az identity federated-credential create --identity-name=i --resource-group=g --subject=s",
}


def configured(folder: Path, part: str, values: dict) -> Config:
    """The repository's own configuration with Azure as its target, and these values."""
    settings = yaml.safe_load((ROOT / "invoke.yaml").read_text()) | {"target": "azure"}
    azure = settings["azure"]
    azure["registry"]["name"], azure["github"]["repository"] = "votes", "Octo/vote"
    azure["admins"] = {OBJECT: "User"}
    (azure[part] if part else azure).update(copy.deepcopy(values))
    return load(settings, folder)


def lines(config: Config, before: AzureFacts) -> set[tuple[str, ...]]:
    """What makes it all in an empty subscription, and what changes one that was made before."""
    empty = AzureFacts(before.account, providers=before.providers)
    request = plan.AzurePlanRequest(config, Az(Path("cli"), "sub"), "Octo/vote")
    made = [line for facts in (empty, before) for line in plan.lines(request, facts)]
    return {line.command.argv for line in made if line.command and line.command.argv[0] == "az"}


def every_call(folder: Path) -> set[tuple[str, ...]]:
    """What each function in tools/az makes."""
    config = configured(folder, "", {"vault": "votes-vault", "tenant": OBJECT})
    who = (Secret("a.b.c"), "client", OBJECT)
    original = ImageRef.parse("docker.io/library/redis:7.4")
    made = calls.calls(Az(Path("cli"), "sub"), config, *who, folder, original)
    return {tuple(map(str, call().argv)) for call in made if call.func not in ASKS_FIRST}


@pytest.fixture(scope="module")
def judged(tmp_path_factory) -> dict[str, str]:
    """What az says of each line, "" if it takes it."""
    folder = tmp_path_factory.mktemp("values")
    before = subscription.complete(configured(folder, "cluster", {}))
    asked = {
        argv
        for part, several in VALUES.items()
        for values in several
        for argv in lines(configured(folder, part, values), before)
    }
    asked |= every_call(folder) | {tuple(line.split()) for line in WRONG.values()}
    file = folder / "lines.json"
    file.write_text(json.dumps(sorted(asked)))
    azure_cli.ensure(Local(), print)
    argv = [azure_cli.folder() / "bin" / "python", az_values.__file__, file]
    own = {"AZURE_CONFIG_DIR": str(folder / "az"), "AZURE_CORE_COLLECT_TELEMETRY": "false"}
    ran = subprocess.run(argv, env={**os.environ, **own}, capture_output=True, text=True, check=True)
    return {" ".join(line): said for line, said in zip(sorted(asked), json.loads(ran.stdout), strict=True)}


def test_az_takes_every_call_and_every_value_that_the_configuration_takes(judged):
    refused = {line: said for line, said in judged.items() if said and line not in WRONG.values()}
    assert refused == {}
    options = ("enable-private-cluster", "AKSLongTermSupport", "1.1.1.0/24", "system:serviceaccount:")
    assert all(any(option in line for line in judged) for option in options)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_one_that_az_refuses(judged, name):
    assert judged[WRONG[name]]
