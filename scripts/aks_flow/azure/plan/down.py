"""Removing what `azure.up` made: the group and all that is in it, but not what others put there."""

from aks_flow.azure.plan import plan
from aks_flow.azure.plan.facts import Facts
from aks_flow.azure.plan.line import IMPOSSIBLE, REMOVE, Line, as_wanted
from aks_flow.azure.plan.plan import Wanted
from aks_flow.tools.az import group

KINDS = (
    "microsoft.containerregistry/registries",
    "microsoft.containerservice/managedclusters",
    "microsoft.managedidentity/userassignedidentities",
    "microsoft.keyvault/vaults",
)


def lines(wanted: Wanted, facts: Facts) -> list[Line]:
    """One line about the group; `unchanged` if there is none."""
    name = wanted.config.azure.group
    thing = f"group {name}"
    if facts.group is None:
        return [as_wanted(thing)]
    if not plan.ours(facts.group):
        do = "Remove it by other means if it is yours."
        return [Line(thing, IMPOSSIBLE, "was not made by aks-flow", do=do)]
    if others := [one["name"] for one in facts.resources if one["type"].lower() not in KINDS]:
        do = "Move or remove these first: they would go with the group."
        return [Line(thing, IMPOSSIBLE, f"also holds {', '.join(others)}", do=do)]
    if facts.group["properties"]["provisioningState"] == "Deleting":
        waited = group.wait_deleted(wanted.az, name, plan.GONE)
        return [Line(thing, REMOVE, "is being removed already", waited)]
    held = ", ".join(one["name"] for one in facts.resources) or "nothing"
    return [Line(thing, REMOVE, f"holds {held}", group.delete(wanted.az, name))]
