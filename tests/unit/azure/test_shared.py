"""A registry and a cluster that the team has already: used, and never made, changed or removed."""

from dataclasses import replace
from pathlib import Path

import pytest

from aks_flow.azure.identity import access
from aks_flow.azure.plan import down, plan
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.core.config.errors import ConfigError
from aks_flow.core.config.load import load
from aks_flow.tools.az import Az, acr, aks
from tests.unit.azure import subscription
from tests.unit.azure.test_plan import shown

SHARED = {"group": "shared", "subscription": "other"}
OTHER = "/subscriptions/other/resourceGroups/shared/providers"


@pytest.fixture
def settings(settings) -> dict:
    for name in ("registry", "cluster"):
        settings["azure"][name] |= SHARED
    return settings


def lines(plan_request, facts) -> dict[str, str]:
    return {line.thing: shown(line) for line in plan.lines(plan_request, facts)}


def test_it_is_left_as_it_is_whatever_it_is_like(plan_request, complete):
    other = {**complete.registry, "sku": {"name": "Premium"}, "adminUserEnabled": True}
    cluster = {**complete.cluster, "sku": {"tier": "Standard"}, "location": "eastus"}
    listed = lines(plan_request, replace(complete, registry=other, cluster=cluster))
    assert listed["registry votes"] == "unchanged registry votes: "
    assert listed["cluster aks-flow"] == "unchanged cluster aks-flow: "


def test_it_is_asked_for_where_it_is(config):
    az = Az(Path("cli"), "sub")
    where = "--name={} --resource-group=shared --subscription=other"
    assert where.format("votes") in str(acr.show(az, config.azure))
    assert where.format("aks-flow") in str(aks.show(az, config.azure))


def test_roles_are_given_there(config):
    scopes = {grant.scope for grant in access.grants(config, subscription.ID)}
    assert {scope.partition("/managedClusters")[0].partition("/registries")[0] for scope in scopes} == {
        *(f"{OTHER}/Microsoft.ContainerRegistry", f"{OTHER}/Microsoft.ContainerService"),
    }


@pytest.mark.parametrize(
    ("change", "thing", "why"),
    [
        ({"registry": None}, "registry votes", "is not in group shared"),
        ({"cluster": None}, "cluster aks-flow", "is not in group shared"),
        ({"cluster": {"aadProfile": None}}, "cluster aks-flow", "it does not know Entra ID"),
        ({"cluster": {"powerState": {"code": "Stopped"}}}, "cluster aks-flow", "it is stopped"),
        (
            *({"cluster": {"aadProfile": {"managed": True}}}, "cluster aks-flow"),
            "it does not ask Azure who may do what",
        ),
        (
            *({"registry": {"roleAssignmentMode": "AbacRepositoryPermissions"}}, "registry votes"),
            "gives roles by repository",
        ),
    ],
)
def test_what_it_lacks_is_said_and_not_changed(plan_request, complete, change, thing, why):
    [(part, value)] = change.items()
    facts = replace(complete, **{part: value and {**getattr(complete, part), **value}})
    [line] = [line for line in plan.lines(plan_request, facts) if line.thing == thing]
    assert line.verb == "impossible" and why in line.why and line.do and line.command is None


def test_removal_takes_our_roles_there_and_leaves_the_rest(plan_request, complete):
    *roles, group = down.lines(plan_request, complete)
    assert shown(group).startswith("remove group aks-flow")
    assert {line.verb for line in roles} == {"remove"}
    assert all("az role assignment delete" in str(line.command) for line in roles)
    assert not any("admin-object" in line.thing or access.KUBELET in line.thing for line in roles)
    assert len(roles) > 8


def test_it_is_never_made(plan_request):
    facts = AzureFacts(
        {"id": subscription.ID}, providers=subscription.complete(plan_request.config).providers
    )
    made = [str(line.command) for line in plan.lines(plan_request, facts) if line.command]
    assert not any(command.startswith(("az acr", "az aks")) for command in made)


@pytest.mark.parametrize(
    ("group", "says"), [("", "must say in which group"), ("AKS-flow", "another group than")]
)
def test_its_group_must_be_said_and_be_another(settings, tmp_path, group, says):
    settings["azure"]["registry"]["group"] = group
    with pytest.raises(ConfigError, match=f"azure.registry.group.*{says}"):
        load(settings, tmp_path)
