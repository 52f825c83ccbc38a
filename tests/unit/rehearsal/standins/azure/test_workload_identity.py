"""The Secrets Store driver as a pod's ServiceAccount: what it is given, and how else it is refused."""

import asyncio
import copy
import json
from dataclasses import asdict, replace

import pytest
import yaml
from aiohttp import ClientSession
from aiohttp.test_utils import TestServer

from aks_flow.rehearsal.standins.azure.arm import access, operations
from aks_flow.rehearsal.standins.azure.resources import identities, providers, vaults
from aks_flow.rehearsal.standins.azure.server import application
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import secrets_store, vault_access
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import VolumeError
from aks_flow.rehearsal.standins.process.serving import tls
from tests.unit.rehearsal.standins.azure.cloud import ask, make, resource

GROUP = "SUB/resourceGroups/g"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/c"
VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/votes-vault"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/reader"
READS = "4633458b-17de-408a-b874-0445c86b69e6"
NAMES = ("dev--redis-auth--password", "production--redis-auth--password")
ON = {
    "oidcIssuerProfile": {"enabled": True},
    "securityProfile": {"workloadIdentity": {"enabled": True}},
    "addonProfiles": {"azureKeyvaultSecretsProvider": {"enabled": True}},
}
POD = {"metadata": {"namespace": "vote-dev", "name": "front"}, "spec": {"serviceAccountName": "default"}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One for all: its keys take a while to make."""
    return tmp_path_factory.mktemp("azure")


@pytest.fixture
def cloud(folder, monkeypatch):
    """A cluster, a vault with two secrets, and an identity that may read the first of them."""
    monkeypatch.setattr("aks_flow.rehearsal.standins.azure.aks.addons._define", lambda cloud: None)
    made = make(folder)
    for provider in ("ContainerService", "KeyVault", "Compute", "Network", "Storage"):
        ask(made, "POST", f"SUB/providers/Microsoft.{provider}/register")
    made.now.time += providers.SECONDS
    ask(made, "PUT", GROUP, {"location": "westeurope"})
    asyncio.run(cluster(made, **copy.deepcopy(ON)))
    ask(made, "PUT", VAULT, {"location": "westeurope", "properties": {"tenantId": made.seed.tenant}})
    for name in NAMES:
        made.store.put(vaults.SECRET, f"{real(made, VAULT)}/{name}", {"value": f"value of {name}"})
    ask(made, "PUT", IDENTITY, {"location": "westeurope"})
    made.now.time += identities.SECONDS
    trust(made)
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{READS}"
    properties = {"roleDefinitionId": role, "principalId": ids(made)["principalId"]}
    scope = f"{VAULT}/secrets/{NAMES[0]}/providers/Microsoft.Authorization/roleAssignments/a"
    ask(made, "PUT", scope, {"properties": properties})
    made.now.time += access.SECONDS
    return made


async def cluster(cloud, **settings) -> None:
    """In a loop: what an add-on brings is made beside."""
    pool = {"name": "nodepool1", "count": 2, "vmSize": "Standard_D4ds_v5"}
    body = {"location": "westeurope", "properties": {"agentPoolProfiles": [pool], **settings}}
    ask(cloud, "PUT", CLUSTER, body)
    cloud.now.time += operations.SECONDS
    operations.settle(cloud)


def real(cloud, path: str) -> str:
    return path.replace("SUB", f"/subscriptions/{cloud.seed.subscription}")


def ids(cloud) -> dict:
    return resource(cloud, IDENTITY)["properties"]


def trust(cloud, subject: str = "system:serviceaccount:vote-dev:default", issuer: str = "") -> None:
    own = resource(cloud, CLUSTER)["properties"]["oidcIssuerProfile"].get("issuerURL", "")
    about = {"issuer": issuer or own, "subject": subject, "audiences": ["api://AzureADTokenExchange"]}
    ask(cloud, "PUT", f"{IDENTITY}/federatedIdentityCredentials/account", {"properties": about})


def provider(cloud, *names: str, **instead) -> dict:
    entries = [yaml.safe_dump({"objectName": name, "objectType": "secret"}) for name in names]
    asked = {
        **{"clientID": ids(cloud)["clientId"], "tenantId": cloud.seed.tenant, "keyvaultName": "votes-vault"},
        **{"objects": yaml.safe_dump({"array": entries}), **instead},
    }
    return {"metadata": {"name": "redis-auth"}, "spec": {"parameters": asked}}


def read(cloud, tmp_path, asked: dict, pod: dict = POD) -> dict[str, bytes]:
    """What the node reads for a pod, over TLS from the stand-in's own server."""

    async def play():
        async with ClientSession() as session:
            server = TestServer(application(cloud, session), host="localhost", scheme="https")
            await server.start_server(ssl=tls(cloud.folder))
            suffix, certificate = vaults.suffix(cloud), str(cloud.folder / "tls.crt")
            there = vault_access.VaultAccess(
                *(f"localhost:{server.port}", suffix, cloud.seed.node_secret, certificate)
            )
            (tmp_path / vault_access.OF_NODE).write_text(json.dumps(asdict(there)))
            try:
                return await asyncio.to_thread(secrets_store.read, tmp_path, asked, pod)
            finally:
                await server.close()

    return asyncio.run(play())


def test_a_pod_s_service_account_is_the_identity_that_trusts_it(cloud, tmp_path):
    assert read(cloud, tmp_path, provider(cloud, NAMES[0])) == {NAMES[0]: f"value of {NAMES[0]}".encode()}


def as_it_was(cloud) -> dict:
    """With the add-on's own identity, which is the nodes'."""
    own = resource(cloud, CLUSTER)["properties"]["addonProfiles"]["azureKeyvaultSecretsProvider"]["identity"]
    asked = {"useVMManagedIdentity": "true", "userAssignedIdentityID": own["clientId"], "clientID": ""}
    return provider(cloud, NAMES[0], **asked)


def of_addon(cloud) -> dict:
    """The add-on's identity, whom no credential lets a pod be."""
    own = resource(cloud, CLUSTER)["properties"]["addonProfiles"]["azureKeyvaultSecretsProvider"]["identity"]
    return provider(cloud, NAMES[0], clientID=own["clientId"])


# A SecretProviderClass -> what the kubelet's event says.
CLASSES = {
    "the nodes' identity": (as_it_was, "no identity of a machine"),
    "the add-on's identity": (of_addon, "AADSTS700211"),
    "nobody": (
        lambda cloud: provider(cloud, NAMES[0], clientID=""),
        "nodePublishSecretRef secret is not set",
    ),
    "no tenant": (lambda cloud: provider(cloud, NAMES[0], tenantId=""), "tenantId is not set"),
    "another tenant": (lambda cloud: provider(cloud, NAMES[0], tenantId="other"), "AADSTS90002"),
    "an identity that is not": (lambda cloud: provider(cloud, NAMES[0], clientID="none"), "AADSTS700016"),
    "another environment's secret": (lambda cloud: provider(cloud, NAMES[1]), "ForbiddenByRbac"),
}


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_is_refused_in_the_driver_s_words(cloud, tmp_path, name):
    asked, words = CLASSES[name]
    begins = (
        "rpc error: code = Unknown desc = failed to mount secrets store objects for pod vote-dev/front, err: "
    )
    with pytest.raises(VolumeError, match=words) as caught:
        read(cloud, tmp_path, asked(cloud))
    assert str(caught.value).startswith(begins)


# What the identity trusts -> why Entra refuses the pod.
CREDENTIALS = {
    "another namespace": ({"subject": "system:serviceaccount:vote-production:default"}, "AADSTS700213"),
    "another ServiceAccount": ({"subject": "system:serviceaccount:vote-dev:front"}, "AADSTS700213"),
    "a cluster that is gone": (
        {"issuer": "https://westeurope.oic.prod-aks.azure.com/t/gone/"},
        "AADSTS700211",
    ),
}


@pytest.mark.parametrize("name", CREDENTIALS)
def test_an_identity_that_is_not_federated_for_the_pod_reads_nothing(cloud, tmp_path, name):
    trusted, words = CREDENTIALS[name]
    trust(cloud, **trusted)
    with pytest.raises(VolumeError, match=f"reply status code was 401:\n.*{words}"):
        read(cloud, tmp_path, provider(cloud, NAMES[0]))


# What the cluster lacks -> what the driver says.
LACKS = {
    "workload identity": ({"securityProfile": {}}, "service account tokens not found"),
    "an OIDC issuer": ({"oidcIssuerProfile": {"enabled": False}}, "AADSTS700211"),
}


@pytest.mark.parametrize("name", LACKS)
def test_a_cluster_without_it_lets_no_pod_be_an_identity(cloud, tmp_path, name):
    settings, words = LACKS[name]
    asyncio.run(cluster(cloud, **settings))
    with pytest.raises(VolumeError, match=words):
        read(cloud, tmp_path, provider(cloud, NAMES[0]))


def test_tokens_are_for_the_node_alone(cloud, tmp_path):
    stranger = replace(cloud, seed=replace(cloud.seed, node_secret="other"))

    async def play() -> int:
        async with ClientSession() as session:
            server = TestServer(application(stranger, session))
            await server.start_server()
            headers = {"X-IDENTITY-HEADER": cloud.seed.node_secret}
            async with session.post(server.make_url(vault_access.TOKENS), headers=headers) as answer:
                await server.close()
                return answer.status

    assert asyncio.run(play()) == 401
