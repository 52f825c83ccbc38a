"""Removing what `azure.up` made: the group and all that is in it, but not what others put there."""

from aks_flow.azure.plan import plan
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import IMPOSSIBLE, REMOVE, Line, unchanged
from aks_flow.azure.plan.plan import AzurePlanRequest
from aks_flow.tools.az import group

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
    """One line about the group; `unchanged` if there is none."""
    name = request.config.azure.group
    thing = f"group {name}"
    if facts.group is None:
        return [unchanged(thing)]
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
    return [Line(thing, REMOVE, f"holds {held}", group.delete(request.az, name))]
