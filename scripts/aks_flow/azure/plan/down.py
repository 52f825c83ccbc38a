"""Removing what `azure.up` made: the group and all that is in it, but not what others put there."""

from collections.abc import Iterator

from aks_flow.azure.identity import access
from aks_flow.azure.plan import invoke_role, plan, roles
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import IMPOSSIBLE, REMOVE, Line, unchanged
from aks_flow.azure.plan.plan import AzurePlanRequest
from aks_flow.tools.az import group, identity

KINDS = (
    "microsoft.containerregistry/registries",
    "microsoft.containerservice/managedclusters",
    "microsoft.managedidentity/userassignedidentities",
    "microsoft.keyvault/vaults",
)


_OTHERS = (
    "A policy, or somebody else, has added these, and they would go with the group: move each with "
    "`az resource move`, or remove it with `az resource delete --ids ID`."
)


def lines(request: AzurePlanRequest, facts: AzureFacts) -> list[Line]:
    """The roles of ours at what was there before, and the group; `unchanged` if there is none.

    Last the role that is ours: nobody has it when what it was given at is gone.
    """
    name = request.config.azure.group
    thing = f"group {name}"
    definition = [*invoke_role.removal(request.az, request.config.azure, facts)]
    if facts.group is None:
        return definition or [unchanged(thing)]
    if not plan.is_ours(facts.group):
        do = "Remove it by other means if it is yours."
        return [Line(thing, IMPOSSIBLE, "was not made by aks-flow", do=do)]
    others = [resource for resource in facts.resources if resource["type"].lower() not in KINDS]
    if others:
        held = ", ".join(f"{resource['name']} ({resource['type']})" for resource in others)
        return [Line(thing, IMPOSSIBLE, f"also holds {held}", do=_OTHERS)]
    if facts.group["properties"]["provisioningState"] == "Deleting":
        waited = group.wait_deleted(request.az, name, plan.GONE)
        return [Line(thing, REMOVE, "is being removed already", waited)]
    held = ", ".join(resource["name"] for resource in facts.resources) or "nothing"
    removed = Line(thing, REMOVE, f"holds {held}", group.delete(request.az, name))
    return [*_roles(request, facts), removed, *definition]


def _roles(request: AzurePlanRequest, facts: AzureFacts) -> Iterator[Line]:
    """Role assignments at a registry or a cluster that stays: they would outlive whom they are for."""
    azure = request.config.azure
    stays = []
    if azure.registry.group:
        stays.append(access.registry_id(azure, facts.subscription).lower())
    if azure.cluster.group:
        stays.append(access.cluster_id(azure, facts.subscription).lower())
    own = {identity["principalId"]: name for name, identity in facts.identities.items()}
    if not azure.cluster.group:
        own[roles.kubelet(facts)] = access.KUBELET
    for assignment in facts.assignments:
        scope, who = assignment["scope"].lower(), own.get(assignment["principalId"])
        if who and any(f"{scope}/".startswith(f"{place}/") for place in stays):
            thing = (
                f"role {assignment.get('roleDefinitionName')} of {who} at {roles.place(assignment['scope'])}"
            )
            yield Line(thing, REMOVE, "ends with the group", identity.unassign(request.az, assignment["id"]))
