"""The nodes that the configuration asks for -> why the subscription cannot have them, or what is risky. Pure.

AKS's limits for a system pool: https://learn.microsoft.com/azure/aks/use-system-pools
Fields: a size as `az vm list-skus` prints it, a family's use as `az vm list-usage` does.
"""

import math
import re
from collections.abc import Iterator, Mapping

from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.core.config.azure import AzureSettings

CORES, NODES = 4, 2  # vCPUs of a node, and nodes, that AKS supports for a system pool
_LEAST_CORES, _LEAST_MEMORY = 2, 4  # what AKS refuses to go below: vCPUs, GB
_ALL = "cores"  # list-usage's name for the region's total


def obstacles(azure: AzureSettings, facts: AzureFacts) -> Iterator[str]:
    """What keeps the cluster from being made; nothing while Azure has not been asked."""
    if facts.sizes is None:
        return
    name = azure.cluster.vm_size
    size = _named(facts.sizes, name)
    if not size:
        yield f"{azure.location} has no nodes of size {name}"
    elif reason := _restriction(size, azure.location):
        yield f"nodes of size {name} are not allowed in this subscription in {azure.location} ({reason})"
    elif _number(size, "vCPUs") < _LEAST_CORES or _number(size, "MemoryGB") < _LEAST_MEMORY:
        yield f"AKS takes no nodes of size {name}: they have less than 2 vCPUs or 4 GB"
    else:
        yield from _quota(azure, size, facts.usage)


def risks(azure: AzureSettings, facts: AzureFacts) -> list[str]:
    """In what the nodes are outside AKS's stated limits; it makes them, and promises nothing."""
    cluster, found = azure.cluster, []
    size = _named(facts.sizes or (), cluster.vm_size)
    if re.match(r"Standard_B", cluster.vm_size, re.IGNORECASE):
        found.append("the B series is not meant for a system pool")
    if size and _number(size, "vCPUs") < CORES:
        found.append(f"a node has less than {CORES} vCPUs")
    if cluster.min_nodes < NODES:
        found.append("one node alone is no spare for itself")
    return found


def zones(azure: AzureSettings, facts: AzureFacts) -> tuple[str, ...]:
    """The zones in which the subscription may have nodes of this size; none while Azure was not asked."""
    size = _named(facts.sizes or (), azure.cluster.vm_size) or {}
    places = [place for place in size.get("locationInfo") or () if _same(place["location"], azure.location)]
    open_for_all = {zone for place in places for zone in place.get("zones") or ()}
    return tuple(sorted(open_for_all - set(_closed_zones(size))))


def _closed_zones(size: Mapping) -> Iterator[str]:
    """Zones that many a new subscription may not use, where the region itself is open to it."""
    for restriction in size.get("restrictions") or ():
        if restriction.get("type") == "Zone":
            yield from (restriction.get("restrictionInfo") or {}).get("zones") or ()


def _named(sizes, name: str) -> Mapping | None:
    return next((size for size in sizes if _same(size["name"], name)), None)


def _same(first: str, second: str) -> bool:
    return first.lower() == second.lower()


def _restriction(size: Mapping, location: str) -> str:
    """Why the whole region is closed to it, in Azure's word; "" if it is open, if only in some zones."""
    for restriction in size.get("restrictions") or ():
        places = (
            (restriction.get("restrictionInfo") or {}).get("locations") or restriction.get("values") or ()
        )
        if restriction.get("type") == "Location" and any(_same(place, location) for place in places):
            return restriction.get("reasonCode") or "restricted"
    return ""


def _number(size: Mapping, name: str, unknown: float = math.inf) -> float:
    values = {capability["name"]: capability["value"] for capability in size.get("capabilities") or ()}
    return float(values.get(name, unknown))


def _quota(azure: AzureSettings, size: Mapping, usage) -> Iterator[str]:
    """Where the nodes that are always there need more vCPUs than are left."""
    needed = azure.cluster.min_nodes * _number(size, "vCPUs", unknown=0)
    for entry in usage or ():
        left = int(entry["limit"]) - int(entry["currentValue"])
        if entry["name"]["value"].lower() in (_ALL, size.get("family", "").lower()) and needed > left:
            yield f"{needed:g} vCPUs are needed of {entry['localName']}, and {left} are left"
