"""The stand-in's answers have the form of Azure's in recordings: status, headers for polling, every field."""

import asyncio
import json
import re
from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.standins.azure.arm import background_work, operations
from aks_flow.rehearsal.standins.azure.arm.arm_path import parse
from aks_flow.rehearsal.standins.azure.arm.call import Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.entra.caller import Caller
from aks_flow.rehearsal.standins.azure.resources.catalog import ACTIONS, RESOURCE_TYPES
from tests.unit.azure.conftest import ROOT
from tests.unit.rehearsal.standins.azure.cloud import make

CASES = yaml.safe_load(Path(__file__).with_name("recordings.yaml").read_text())
NAMES = [case["exchange"] for case in CASES]
DOCUMENT = (ROOT / "docs" / "azure-rehearsal.md").read_text()
POLLING = ("Azure-AsyncOperation", "Location")
_GROUP = "SUB/resourceGroups/g"
_PLACES = {
    "GROUP2": "SUB/resourceGroups/second",
    "PROVIDER": "SUB/providers/Microsoft.KeyVault",
    "REGISTRY": f"{_GROUP}/providers/Microsoft.ContainerRegistry/registries/votes",
    "CLUSTER": f"{_GROUP}/providers/Microsoft.ContainerService/managedClusters/c",
    "IDENTITY": f"{_GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i",
    "VAULT": f"{_GROUP}/providers/Microsoft.KeyVault/vaults/votes",
    "ROLE": "SUB/providers/Microsoft.Authorization/roleDefinitions/88888888-0000-0000-0000-000000000001",
    "ASSIGNMENT": f"{_GROUP}/providers/Microsoft.Authorization/roleAssignments/a",
}
_READER = "/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7"
_POOL = {"name": "nodepool1", "count": 2, "mode": "System", "vmSize": "Standard_D4ds_v5"}
_TRUST = {"issuer": "https://i", "subject": "s", "audiences": ["a"]}
_ASSIGNED = {"roleDefinitionId": _READER, "principalId": "who", "principalType": "ServicePrincipal"}
_STARTS = {
    **{"roleName": "starts machines", "description": "Can start machines", "assignableScopes": ["SUB"]},
    "permissions": [{"actions": ["Microsoft.Compute/virtualMachines/start/action"]}],
}
_VAULT = {"tenantId": "t", "sku": {"family": "A", "name": "standard"}, "softDeleteRetentionInDays": 90}
_BODIES = {
    "GROUP_BODY": {"location": "westus"},
    "PLACE_BODY": {"location": "westus"},
    "REGISTRY_BODY": {
        **{"location": "westus", "sku": {"name": "Basic"}},
        "properties": {"roleAssignmentMode": "AbacRepositoryPermissions"},
    },
    "NAME_BODY": {"name": "votes"},
    "IMPORT_BODY": {"source": {"sourceImage": "microsoft:azure-cli"}, "targetTags": ["repo:v1"]},
    "TRUST_BODY": {"properties": _TRUST},
    "CLUSTER_BODY": {
        "location": "westus",
        "properties": {"agentPoolProfiles": [_POOL], "linuxProfile": {"adminUsername": "azureuser"}},
    },
    "ASSIGNMENT_BODY": {"properties": _ASSIGNED},
    "ROLE_BODY": {"properties": _STARTS},
    "VAULT_BODY": {"location": "westus", "properties": _VAULT},
    "COMMAND_BODY": {"command": "echo it has run", "context": ""},
}

_FILTERS = {
    "READER": {"$filter": "roleName eq 'Reader'"},
    "OWN": {"$filter": "roleName eq 'starts machines'"},
}


class Exchange:
    """Asks the stand-in request by request, as a case's lines say. work: what goes on beside it."""

    def __init__(self, cloud):
        self.cloud, self.answer, self.work = cloud, Answer(), []

    def run(self, line: str) -> None:
        verb, place, body = (*line.split(), "", "")[:3]
        if verb == "end":
            asyncio.run(self.work.pop())
        elif verb == "wait":
            self.cloud.now.time += operations.SECONDS
        elif verb == "follow":
            path = re.sub(r"https://[^/]+|[?].*", "", self.answer.headers[place])
            self.answer = self._ask("GET", path, "")
        else:
            name, _, rest = place.partition("/")
            where = "/".join(filter(None, (_PLACES.get(name, name), rest)))
            self.answer = self._ask(verb, where, body)
        operations.settle(self.cloud)

    def _ask(self, method: str, path: str, body: str) -> Answer:
        seed = self.cloud.seed
        arm_path = parse(path.replace("SUB", f"/subscriptions/{seed.subscription}"))
        query = {"api-version": "1"} | _FILTERS.get(body, {})
        caller = Caller(seed.owner_object, "app", seed.tenant)
        try:
            return _dispatched(Call(self.cloud, caller, method, arm_path, query, _BODIES.get(body, {})))
        except ArmError as error:
            return Answer(error.body, error.status, error.headers)


def _dispatched(call: Call) -> Answer:
    path = call.path
    if call.method == "POST":
        return ACTIONS[path.full_type.lower()](call)
    if call.method == "GET" and path.tail:
        return RESOURCE_TYPES[path.full_type.lower()].list(call)
    return getattr(RESOURCE_TYPES[path.type.lower()], call.method.lower())(call)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One for all: its keys take a while to make."""
    return tmp_path_factory.mktemp("azure")


@pytest.fixture
def exchange(folder, monkeypatch):
    begun = Exchange(make(folder))
    monkeypatch.setattr(background_work, "beside", begun.work.append)
    providers = ("ContainerRegistry", "ContainerService", "ManagedIdentity", "Compute", "Network", "Storage")
    for provider in providers:
        begun.run(f"POST SUB/providers/Microsoft.{provider}/register")
    begun.run("wait")
    begun.cloud.store.put("provider", "Microsoft.KeyVault", {"at": 0})
    begun.run("PUT SUB/resourceGroups/g GROUP_BODY")
    yield begun
    for work in begun.work:
        work.close()


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_an_answer_has_the_recorded_form(exchange, case):
    if case["ask"][0].startswith("POST PROVIDER"):
        exchange.cloud.store.remove("provider", "Microsoft.KeyVault")
    for line in case["ask"]:
        exchange.run(line)
    answer = exchange.answer
    assert answer.status == case["status"]
    headers = {name: value for name, value in answer.headers.items() if name in POLLING}
    assert list(differences(case.get("headers", {}), headers)) == []
    left_out = case.get("left_out", [])
    assert list(differences(case.get("body"), answer.body, left_out=left_out)) == []


def differences(recorded, ours, where: str = "", left_out=()):
    """Where our answer is not as the recorded one: a sentence for each place."""
    if isinstance(recorded, dict) and isinstance(ours, dict):
        kept = {key: value for key, value in recorded.items() if f"{where}{key}" not in left_out}
        if kept.keys() != ours.keys():
            yield f"{where}: lacks {kept.keys() - ours.keys()}, has besides {ours.keys() - kept.keys()}"
        for key in kept.keys() & ours.keys():
            yield from differences(kept[key], ours[key], f"{where}{key}.", left_out)
    elif isinstance(recorded, list) and isinstance(ours, list) and len(recorded) == len(ours):
        for before, here in zip(recorded, ours, strict=True):
            yield from differences(before, here, where, left_out)
    elif recorded is None or ours is None or isinstance(recorded, list):
        if recorded is not None or ours is not None:
            yield f"{where}: recorded {recorded}, ours {ours}"
    elif not re.fullmatch(str(recorded), ours if isinstance(ours, str) else json.dumps(ours), re.DOTALL):
        yield f"{where}: recorded {recorded}, ours {ours}"


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_document_says_of_each_exchange_whether_it_is_equal(case):
    said = f"announced: no {', '.join(case['left_out'])}" if "left_out" in case else "equal"
    row = next((line for line in DOCUMENT.splitlines() if line.startswith(f"| {case['exchange']} |")), "")
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1:] == [recorded(case), said]


def recorded(case: dict) -> str:
    """The recorded form in a few words: status, headers for polling, and the body's outermost fields."""
    body, headers = case.get("body"), "".join(f", {name}" for name in case.get("headers", {}))
    fields = f"`{'`, `'.join(body)}`" if body else "no body"
    return f"{case['status']}{headers}; {fields}"


def test_every_recording_is_named_with_its_date():
    assert len(CASES) >= 16 and len(set(NAMES)) == len(NAMES)
    assert {len(case["recording"]) for case in CASES} == {2}
