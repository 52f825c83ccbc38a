"""What a delivery once did and Azure does not take: the stand-in refuses each, so that a rehearsal is red."""

from pathlib import Path

import pytest

from aks_flow.rehearsal.standins.azure.acr import tokens
from aks_flow.rehearsal.standins.azure.arm import access, api_versions, operations
from aks_flow.rehearsal.standins.azure.arm.arm_path import parse
from aks_flow.rehearsal.standins.azure.arm.call import Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.entra.caller import Caller
from aks_flow.rehearsal.standins.azure.resources import providers
from aks_flow.tools.az import Az, extension, keyvault
from tests.unit.rehearsal.standins.azure.cloud import ask, make

GROUP = "SUB/resourceGroups/g"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/c"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries"
LONG = CLUSTER.removesuffix("c") + "c" * 63
EXTENSION = f"{CLUSTER}/providers/Microsoft.KubernetesConfiguration/extensions/argocd"
NAMES = "SUB/providers/Microsoft.ContainerRegistry/checkNameAvailability"
PULL = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
IMPORTER = "577a9874-89fd-4f24-9dbd-b5034d0ad23a"
OPEN = ("ContainerRegistry", "ContainerService", "KubernetesConfiguration", "Compute", "Network", "Storage")


def nodes(size: str, count: int = 2, zones: tuple[str, ...] = (), **more) -> dict:
    pool = {"name": "nodepool1", "count": count, "vmSize": size, "availabilityZones": [*zones]}
    return {"location": "westeurope", "properties": {"agentPoolProfiles": [pool]}, **more}


def running(version: str, **more) -> dict:
    """Nodes that are there, with a Kubernetes of this version."""
    properties = nodes("Standard_D4ds_v5")["properties"] | {"kubernetesVersion": version}
    return {"location": "westeurope", "properties": properties | more}


def argocd(**settings) -> dict:
    return {"properties": {"extensionType": "microsoft.argocd", "configurationSettings": settings}}


GOOD = nodes("Standard_D4ds_v5")
BASIC = {"location": "westeurope", "sku": {"name": "Basic"}}
BY_REGISTRY = BASIC | {"properties": {"roleAssignmentMode": "LegacyRegistryPermissions"}}
# What was asked -> Azure's code for it.
REFUSED = {
    "a name that the nodes' group takes on": (LONG, GOOD | {"location": "westcentralus"}, "InvalidParameter"),
    "one Standard_B2s": (CLUSTER, nodes("Standard_B2s", 1), "BadRequest"),
    "nodes with 1 GB": (CLUSTER, nodes("Standard_B2ats_v2"), "SystemPoolSkuTooLow"),
    "more nodes than the quota": (CLUSTER, nodes("Standard_D4ds_v5", 99), "ErrCode_InsufficientVCPUQuota"),
    "a zone that the subscription may not use": (
        *(CLUSTER, nodes("Standard_D4ds_v5", zones=("1", "2", "3"))),
        "AvailabilityZoneNotSupported",
    ),
    "a Kubernetes with long-term support alone": (CLUSTER, running("1.33"), "K8sVersionNotSupported"),
    "a Kubernetes of long ago": (CLUSTER, running("1.20.7"), "K8sVersionNotSupported"),
    "premium alone": (CLUSTER, GOOD | {"sku": {"name": "Base", "tier": "Premium"}}, "InvalidParameter"),
    "a registry with capitals": (f"{REGISTRY}/Votes01", BASIC, "InvalidResourceName"),
    "settings of yesterday's Argo CD": (
        *(EXTENSION, argocd(deployWithHighAvailability="false", namespaceInstall="false")),
        "InvalidConfigurationSettings",
    ),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One for all: its keys take a while to make."""
    return tmp_path_factory.mktemp("azure")


@pytest.fixture
def cloud(folder):
    """A subscription with a group and a cluster of another name, open for what is asked."""
    made = make(folder)
    for provider in OPEN:
        ask(made, "POST", f"SUB/providers/Microsoft.{provider}/register")
    made.now.time += providers.SECONDS
    ask(made, "PUT", GROUP, {"location": "westeurope"})
    return made


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_in_azure_s_words(cloud, name):
    path, body, code = REFUSED[name]
    if path == EXTENSION:
        ask(cloud, "PUT", CLUSTER, GOOD)
    with pytest.raises(ArmError) as caught:
        ask(cloud, "PUT", path, body)
    assert caught.value.code == code


def test_a_highly_available_argo_cd_on_two_nodes_fails(cloud):
    ask(cloud, "PUT", CLUSTER, GOOD)
    ask(cloud, "PUT", EXTENSION, argocd())
    cloud.now.time += operations.SECONDS
    operations.settle(cloud)
    state = ask(cloud, "GET", EXTENSION).body["properties"]
    assert (state["provisioningState"], state["errorInfo"]["code"]) == ("Failed", "ExtensionOperationFailed")


def test_long_term_support_has_an_older_kubernetes(cloud):
    asked = running("1.33", supportPlan="AKSLongTermSupport") | {"sku": {"name": "Base", "tier": "Premium"}}
    ask(cloud, "PUT", CLUSTER, asked)
    assert runs(cloud) == "1.33.5"


def test_a_kubernetes_is_upgraded_by_one_minor_version_and_never_goes_back(cloud):
    def change(version: str) -> str:
        cloud.now.time += operations.SECONDS
        operations.settle(cloud)
        ask(cloud, "PUT", CLUSTER, running(version))
        return runs(cloud)

    ask(cloud, "PUT", CLUSTER, running("1.34"))
    for version in ("1.36", "1.33", "1.34.1"):
        with pytest.raises(ArmError, match=f"Kubernetes version 1.34.5 to {version} is not allowed"):
            change(version)
    assert [change("1.34"), change("1.35"), change("1.36.1")] == ["1.34.5", "1.35.5", "1.36.1"]


def test_a_stopped_cluster_takes_no_change_until_it_is_started(cloud):
    def turn(word: str) -> str:
        assert ask(cloud, "POST", f"{CLUSTER}/{word}").status == 202
        cloud.now.time += operations.SECONDS
        operations.settle(cloud)
        return ask(cloud, "GET", CLUSTER).body["properties"]["powerState"]["code"]

    ask(cloud, "PUT", CLUSTER, GOOD)
    cloud.now.time += operations.SECONDS
    operations.settle(cloud)
    with pytest.raises(ArmError, match="starting cannot be performed"):
        turn("start")
    assert turn("stop") == "Stopped"
    with pytest.raises(ArmError, match=r"is in \(Succeeded,Stopped\) state, updating cannot be performed"):
        ask(cloud, "PUT", CLUSTER, GOOD)
    assert turn("start") == "Running"
    assert ask(cloud, "PUT", CLUSTER, GOOD).status == 200


def runs(cloud) -> str:
    return ask(cloud, "GET", CLUSTER).body["properties"]["currentKubernetesVersion"]


@pytest.mark.parametrize("part", ["Compute", "Network", "Storage"])
def test_a_cluster_is_not_made_where_its_parts_are_not_registered(cloud, part):
    ask(cloud, "POST", f"SUB/providers/Microsoft.{part}/unregister")
    with pytest.raises(ArmError, match=f"not registered to use namespace 'Microsoft.{part}'"):
        ask(cloud, "PUT", CLUSTER, GOOD)


def test_a_name_is_not_told_of_before_the_provider_is_registered(folder):
    with pytest.raises(ArmError, match="not registered"):
        ask(make(folder), "POST", NAMES, {"name": "votes01"})


def test_a_role_does_not_count_at_once(cloud):
    assign(cloud, "somebody", GROUP)
    action, scope = "Microsoft.ContainerRegistry/registries/read", real(cloud, GROUP)
    assert not access.permits(cloud, "somebody", scope, action)
    cloud.now.time += access.SECONDS
    assert access.permits(cloud, "somebody", scope, action)


def test_the_nodes_may_not_pull_before_their_role_counts(cloud):
    ask(cloud, "PUT", f"{REGISTRY}/votes01", BY_REGISTRY)
    assign(cloud, "nodes", f"{REGISTRY}/votes01", role=PULL)
    assert tokens.permitted(cloud, "nodes", ["pull", "push"]) == []
    cloud.now.time += access.SECONDS
    assert tokens.permitted(cloud, "nodes", ["pull", "push"]) == ["pull"]


def test_acr_pull_counts_for_nothing_where_nobody_has_said_how_roles_are_given(cloud):
    ask(cloud, "PUT", f"{REGISTRY}/votes01", BASIC)
    assign(cloud, "nodes", f"{REGISTRY}/votes01", role=PULL)
    cloud.now.time += access.SECONDS
    assert tokens.permitted(cloud, "nodes", ["pull"]) == []
    assert tokens.permitted(cloud, tokens.TASK, ["pull", "push"]) == []


def test_who_has_no_role_that_counts_sees_no_subscription(cloud):
    def seen(who: str) -> int:
        return len(ask(cloud, "GET", "/subscriptions", who=who).body["value"])

    assign(cloud, "new", GROUP)
    assert (seen("nobody"), seen("new"), seen("")) == (0, 0, 1)
    cloud.now.time += access.SECONDS
    assert (seen("nobody"), seen("new")) == (0, 1)


def test_the_role_for_a_copy_has_the_actions_of_azure_s_and_no_other():
    role = access.built_in()[IMPORTER]
    registry = "Microsoft.ContainerRegistry/registries"
    assert set(role["actions"]) == {
        *(f"{registry}/importImage/action", f"{registry}/read", f"{registry}/pull/read"),
    }
    assert len(role["dataActions"]) == 3


def test_the_nodes_that_are_configured_are_ones_that_azure_gives(cloud, config):
    cluster = config.azure.cluster
    assert ask(cloud, "PUT", CLUSTER, nodes(cluster.vm_size, cluster.min_nodes)).status == 201


def test_who_may_import_may_not_ask_the_subscription_how_far_it_is(cloud):
    assign(cloud, "publisher", GROUP)
    cloud.now.time += access.SECONDS
    where = "SUB/providers/Microsoft.ContainerRegistry/locations/WESTEUROPE/operationResults/registries-1"
    caller = Caller("publisher", "app", cloud.seed.tenant)
    with pytest.raises(ArmError, match=r"locations/operationResults/read"):
        access.check(Call(cloud, caller, "GET", parse(real(cloud, where)), {"api-version": "1"}, {}))


def version_asked(asked) -> tuple[str, str]:
    """The path and the API's version of a call of `az rest`."""
    [url] = [word.removeprefix("--url=") for word in asked.argv if word.startswith("--url=")]
    path, _, version = url.partition("?api-version=")
    return path, version


@pytest.mark.parametrize(
    "asked",
    [
        keyvault.check_name(Az(Path("cli")), "s", "votes"),
        extension.create(Az(Path("cli")), "/subscriptions/s/resourceGroups/g/providers/A.B/c/n", "argocd", 2),
    ],
    ids=["the name of a vault", "an extension"],
)
def test_each_version_that_is_named_to_az_is_one_that_the_provider_goes_on_taking(cloud, asked):
    path, version = version_asked(asked)
    api_versions.check(call_by(cloud, path, version))


def test_a_version_that_the_provider_takes_no_longer_is_refused(cloud):
    with pytest.raises(ArmError, match="for api version '2023-07-01'"):
        api_versions.check(call_by(cloud, "SUB/providers/Microsoft.KeyVault/deletedVaults", "2023-07-01"))


@pytest.mark.parametrize("call", ["", "/register"])
def test_a_provider_is_registered_by_the_resource_managers_own_version(cloud, call):
    api_versions.check(call_by(cloud, f"SUB/providers/Microsoft.KeyVault{call}", "2024-11-01"))


def call_by(cloud, path: str, version: str) -> Call:
    caller = Caller("somebody", "app", cloud.seed.tenant)
    return Call(cloud, caller, "GET", parse(real(cloud, path)), {"api-version": version}, {})


ROLE = "SUB/providers/Microsoft.Authorization/roleDefinitions"
OWN = f"{ROLE}/11111111-0000-0000-0000-000000000000"
RUNS = "Microsoft.ContainerService/managedClusters/runcommand/action"


def invoking(name: str = "runs commands") -> dict:
    return {
        "properties": {
            **{"roleName": name, "type": "CustomRole", "assignableScopes": ["SUB"]},
            "permissions": [{"actions": [RUNS], "notActions": None}],
        }
    }


def test_who_may_reach_a_cluster_may_not_run_commands_in_it_but_by_a_role_for_that(cloud):
    action = "Microsoft.ContainerService/managedClusters/runCommand/action"
    assert ask(cloud, "PUT", OWN, invoking()).status == 201
    assign(cloud, "job", GROUP)
    cloud.now.time += access.SECONDS
    assert not access.permits(cloud, "job", real(cloud, GROUP), action)
    assign(cloud, "job", GROUP, role=OWN.rpartition("/")[2], name="b")
    cloud.now.time += access.SECONDS
    assert access.permits(cloud, "job", real(cloud, GROUP), action)


def test_a_role_of_one_s_own_is_listed_changed_and_goes_when_nobody_has_it(cloud):
    ask(cloud, "PUT", OWN, invoking())
    with pytest.raises(ArmError, match="same name already exists"):
        ask(cloud, "PUT", f"{OWN[:-1]}1", invoking())
    ask(cloud, "PUT", OWN, invoking("renamed"))
    assert OWN[-36:] not in [role["name"] for role in ask(cloud, "GET", ROLE).body["value"]]
    cloud.now.time += access.SECONDS
    [shown] = [role for role in ask(cloud, "GET", ROLE).body["value"] if role["name"] == OWN[-36:]]
    assert (shown["properties"]["roleName"], shown["properties"]["type"]) == ("renamed", "CustomRole")
    assign(cloud, "job", GROUP, role=OWN[-36:])
    with pytest.raises(ArmError, match="RoleDefinitionHasAssignments"):
        ask(cloud, "DELETE", OWN)
    ask(cloud, "DELETE", f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/a")
    assert ask(cloud, "DELETE", OWN).status == 200 and ask(cloud, "DELETE", OWN).status == 204


def assign(cloud, who: str, scope: str, role: str = IMPORTER, name: str = "a") -> None:
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{role}"
    properties = {"roleDefinitionId": role, "principalId": who}
    path = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{name}"
    ask(cloud, "PUT", path, {"properties": properties})


def real(cloud, path: str) -> str:
    return path.replace("SUB", f"/subscriptions/{cloud.seed.subscription}")
