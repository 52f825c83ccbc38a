"""What resource types accept, what they refuse, and what roles permit."""

import pytest

from aks_flow.rehearsal.standins.azure.arm import access, operations
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.entra import assertions
from aks_flow.rehearsal.standins.azure.entra.errors import SignInError
from aks_flow.rehearsal.standins.azure.entra.principals import by_client
from aks_flow.rehearsal.standins.azure.faults import FILE
from aks_flow.rehearsal.standins.azure.resources import identities, providers
from tests.unit.rehearsal.standins.azure.cloud import ask, make, resource

GROUP = "SUB/resourceGroups/g"
IDENTITY = f"{GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries"
CLUSTER = f"{GROUP}/providers/Microsoft.ContainerService/managedClusters/c"
PUSH = "8311e382-0749-4cb8-b61a-304f252e45ec"
TRUST = {"issuer": "https://issuer", "subject": "repo:o/r:environment:dev", "audiences": ["aud"]}


@pytest.fixture
def cloud(tmp_path):
    made = make(tmp_path)
    ask(made, "PUT", GROUP, {"location": "West Europe"})
    for provider in ("ContainerRegistry", "ContainerService", "Compute", "Network", "Storage"):
        ask(made, "POST", f"SUB/providers/Microsoft.{provider}/register")
    made.now.time += providers.SECONDS
    return made


@pytest.fixture
def identity(cloud) -> dict:
    made = ask(cloud, "PUT", IDENTITY, {"location": "westeurope"}).body["properties"]
    cloud.now.time += identities.SECONDS
    return made


def trust(cloud, name: str, **other):
    cloud.now.time += 1  # what is written at the same moment is refused
    return ask(cloud, "PUT", f"{IDENTITY}/federatedIdentityCredentials/{name}", {"properties": TRUST | other})


def test_a_new_identity_trusts_nobody_until_it_is_known(cloud):
    ask(cloud, "PUT", IDENTITY, {"location": "westeurope"})
    with pytest.raises(ArmError, match="MS Graph resource not found"):
        trust(cloud, "early")
    cloud.now.time += identities.SECONDS
    assert trust(cloud, "in-time").status == 201


def test_an_identity_trusts_twenty_and_no_more(cloud, identity):
    for number in range(20):
        trust(cloud, f"c{number}", subject=f"s{number}")
    with pytest.raises(ArmError, match="limit of 20"):
        trust(cloud, "c20", subject="s20")
    assert trust(cloud, "c19", subject="changed").status == 200


def test_the_same_subject_is_not_trusted_twice(cloud, identity):
    trust(cloud, "one")
    with pytest.raises(ArmError, match="already exists"):
        trust(cloud, "two")


def test_credentials_of_one_identity_are_not_written_at_once(cloud, identity):
    trust(cloud, "one")
    cloud.now.time -= 1
    with pytest.raises(ArmError, match="cannot be written at once"):
        trust(cloud, "two", subject="other")


def test_a_provider_is_seen_registering_and_refuses_until_it_is_registered(tmp_path):
    fresh = make(tmp_path)
    ask(fresh, "PUT", GROUP, {"location": "westeurope"})
    path = "SUB/providers/Microsoft.ContainerRegistry"
    body = {"location": "westeurope", "sku": {"name": "Basic"}}
    assert ask(fresh, "POST", f"{path}/register").body["registrationState"] == "Registering"
    with pytest.raises(ArmError, match="not registered"):
        ask(fresh, "PUT", f"{REGISTRY}/fresh01", body)
    fresh.now.time += providers.SECONDS
    assert ask(fresh, "GET", path).body["registrationState"] == "Registered"
    assert ask(fresh, "PUT", f"{REGISTRY}/fresh01", body).status == 201


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"iss": "https://Issuer"}, 700211),
        ({"aud": "Aud"}, 700212),
        ({"sub": "repo:O/r:environment:dev"}, 700213),
        ({"sub": "repo:o/r:environment:prod"}, 700213),
        ({"exp": 1}, 700024),
    ],
)
def test_an_assertion_is_compared_letter_by_letter(cloud, identity, claims, code):
    trust(cloud, "github")
    now = cloud.now()
    good = {"iss": TRUST["issuer"], "sub": TRUST["subject"], "aud": "aud", "exp": now + 60}
    principal = by_client(cloud, identity["clientId"])
    assertions.check(cloud, principal, cloud.signer.sign(good))
    with pytest.raises(SignInError) as caught:
        assertions.check(cloud, principal, cloud.signer.sign(good | claims))
    assert caught.value.code == code


def test_a_role_counts_at_its_scope_and_below_once_it_is_effective(cloud, identity):
    who, place = identity["principalId"], f"{GROUP}/providers/Microsoft.Authorization/roleAssignments/a"
    (cloud.folder / FILE).write_text("- {at: role assignment, effectiveAfter: 60}\n")
    role = f"/providers/Microsoft.Authorization/roleDefinitions/{PUSH}"
    ask(cloud, "PUT", place, {"properties": {"roleDefinitionId": role, "principalId": who}})
    group = f"/subscriptions/{cloud.seed.subscription}/resourceGroups/g"
    action = "Microsoft.ContainerRegistry/registries/push/write"
    assert not access.permits(cloud, who, f"{group}/providers/x", action)
    cloud.now.time += 61
    assert access.permits(cloud, who, f"{group}/providers/x", action)
    assert not access.permits(cloud, who, group + "2", action)
    assert not access.permits(cloud, who, group, "Microsoft.ContainerRegistry/registries/write")


@pytest.mark.parametrize(("name", "word"), [("contoso", "already in use"), ("no", "5 to 50")])
def test_a_registry_s_name_may_be_taken_or_no_name_at_all(cloud, name, word):
    with pytest.raises(ArmError, match=word):
        ask(cloud, "PUT", f"{REGISTRY}/{name}", {"location": "westeurope", "sku": {"name": "Basic"}})
    path = "SUB/providers/Microsoft.ContainerRegistry/checkNameAvailability"
    assert not ask(cloud, "POST", path, {"name": name}).body["nameAvailable"]


def test_a_provider_must_be_registered_first(tmp_path):
    fresh = make(tmp_path)
    ask(fresh, "PUT", GROUP, {"location": "westeurope"})
    with pytest.raises(ArmError, match="not registered"):
        ask(fresh, "PUT", f"{REGISTRY}/fresh01", {"location": "westeurope", "sku": {"name": "Basic"}})


def test_a_cluster_brings_its_nodes_group_and_takes_it_along(cloud):
    pool = {"name": "nodepool1", "count": 9, "enableAutoScaling": True, "minCount": 1, "maxCount": 3}
    body = {"location": "westeurope", "properties": {"agentPoolProfiles": [pool]}}
    answer = ask(cloud, "PUT", CLUSTER, body)
    assert answer.status == 201 and answer.body["properties"]["provisioningState"] == "Creating"
    with pytest.raises(ArmError, match="in-progress operation"):
        ask(cloud, "PUT", CLUSTER, body)
    cloud.now.time += operations.SECONDS
    operations.settle(cloud)
    made = resource(cloud, CLUSTER)["properties"]
    assert made["provisioningState"] == "Succeeded" and made["agentPoolProfiles"][0]["count"] == 3
    nodes = f"SUB/resourceGroups/{made['nodeResourceGroup']}"
    assert resource(cloud, nodes)
    ask(cloud, "DELETE", GROUP)
    cloud.now.time += operations.SECONDS
    operations.settle(cloud)
    assert not resource(cloud, GROUP) and not resource(cloud, CLUSTER) and not resource(cloud, nodes)


EXTENSION = f"{CLUSTER}/providers/Microsoft.KubernetesConfiguration/extensions/argocd"


@pytest.fixture
def extended(cloud):
    """A cluster with two nodes, and extensions may be asked for."""
    ask(cloud, "POST", "SUB/providers/Microsoft.KubernetesConfiguration/register")
    pool = {"name": "nodepool1", "count": 2, "vmSize": "Standard_D4ds_v5"}
    ask(cloud, "PUT", CLUSTER, {"location": "westeurope", "properties": {"agentPoolProfiles": [pool]}})
    cloud.now.time += 2
    operations.settle(cloud)
    return cloud


@pytest.mark.parametrize("name", ["deployWithHighAvailability", "namespaceInstall"])
def test_argo_cd_s_extension_refuses_settings_that_it_no_longer_has(extended, name):
    wanted = {"extensionType": "microsoft.argocd", "configurationSettings": {name: "false"}}
    with pytest.raises(ArmError, match=f"does not know the configuration settings {name}"):
        ask(extended, "PUT", EXTENSION, {"properties": wanted})


@pytest.mark.parametrize(("settings", "end"), [({}, "Failed"), ({"redis-ha.enabled": "false"}, "Succeeded")])
def test_argo_cd_is_highly_available_unless_told_and_then_needs_four_nodes(extended, settings, end):
    wanted = {"extensionType": "microsoft.argocd", "configurationSettings": settings}
    answer = ask(extended, "PUT", EXTENSION, {"properties": wanted})
    assert answer.body["properties"]["provisioningState"] == "Pending"
    extended.now.time += operations.SECONDS
    operations.settle(extended)
    assert resource(extended, EXTENSION)["properties"]["provisioningState"] == end


@pytest.mark.parametrize(
    ("size", "code"),
    [
        ("Standard_B2ats_v2", "SystemPoolSkuTooLow"),
        ("Standard_B2s", "BadRequest"),
        ("Standard_X", "BadRequest"),
    ],
)
def test_nodes_that_aks_or_the_subscription_does_not_take_are_refused(cloud, size, code):
    pool = {"name": "nodepool1", "count": 1, "vmSize": size}
    with pytest.raises(ArmError) as caught:
        ask(cloud, "PUT", CLUSTER, {"location": "westeurope", "properties": {"agentPoolProfiles": [pool]}})
    assert caught.value.code == code


def test_a_quota_counts_the_nodes_that_there_are(cloud):
    (cloud.folder / FILE).write_text("- {at: quota cores, limit: 10, times: 0}\n")
    pool = {"name": "nodepool1", "count": 2, "vmSize": "Standard_D4ds_v5"}
    body = {"location": "westeurope", "properties": {"agentPoolProfiles": [pool]}}
    ask(cloud, "PUT", CLUSTER, body)
    with pytest.raises(ArmError, match="requested 8, remaining 2"):
        ask(cloud, "PUT", f"{CLUSTER}2", body)


def test_premium_and_long_term_support_go_together(cloud):
    pool = {"name": "nodepool1", "count": 1}
    body = {"location": "westeurope", "sku": {"name": "Base", "tier": "Premium"}}
    with pytest.raises(ArmError, match="AKSLongTermSupport"):
        ask(cloud, "PUT", CLUSTER, body | {"properties": {"agentPoolProfiles": [pool]}})


def test_an_operation_that_fails_leaves_what_was_half_made_to_be_seen(cloud):
    fails = (
        "- {at: operation PUT */managedClusters c, seconds: 30, fails: {code: QuotaExceeded, message: no}}\n"
    )
    (cloud.folder / FILE).write_text(fails)
    pool = {"name": "nodepool1", "count": 1}
    ask(cloud, "PUT", CLUSTER, {"location": "westeurope", "properties": {"agentPoolProfiles": [pool]}})
    cloud.now.time += 30
    operations.settle(cloud)
    assert resource(cloud, CLUSTER)["properties"]["provisioningState"] == "Failed"
