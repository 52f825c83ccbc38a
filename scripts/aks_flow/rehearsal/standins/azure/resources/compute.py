"""Sizes of virtual machines, and how many vCPUs the subscription may have: what nodes are made of."""

from functools import cache
from pathlib import Path

import yaml

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources.providers import need_registered
from aks_flow.rehearsal.standins.azure.store import Document

_LIMIT = 100  # vCPUs of the region and of each family, unless a fault says otherwise
_SEE = "https://aka.ms/aks/quotas-skus-regions"
_ZONES = ["1", "2", "3"]


@cache
def sizes() -> dict[str, Document]:
    """By name: vCPUs, memory in GB, family; whether the subscription may not have them, or in which zones."""
    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text())


class Skus(ResourceType):
    type = "Microsoft.Compute/skus"

    def list(self, call: Call) -> Answer:
        need_registered(call)
        return Answer({"value": [_sku(name, size) for name, size in sizes().items()]})


class Usages(ResourceType):
    type = "Microsoft.Compute/locations/usages"

    def list(self, call: Call) -> Answer:
        need_registered(call)
        families = sorted({size["family"] for size in sizes().values()})
        return Answer({"value": [_usage(call.cloud, name) for name in ("cores", *families)]})


def need_room(cloud: Cloud, pool: Document, location: str) -> None:
    """ArmError 400 unless the subscription may have a new pool's nodes, in AKS's own words."""
    name = pool.get("vmSize") or ""
    size = next((size for known, size in sizes().items() if known.lower() == name.lower()), None)
    if not size or size.get("restricted"):
        allowed = ",".join(known.lower() for known, size in sizes().items() if not size.get("restricted"))
        raise invalid(
            f"The VM size of {name} is not allowed in your subscription in location '{location}'. The "
            f"available VM sizes are '{allowed}'. For more details, please visit {_SEE}",
            "BadRequest",
        )
    if size["cores"] < 2 or size["memory"] < 4:
        message = "System node pool must use VM sku with more than 2 cores and 4GB memory. Nodepool name: "
        raise invalid(f"{message}{pool['name']}.", "SystemPoolSkuTooLow")
    _need_zones(size, pool, location)
    _need_quota(cloud, size, (pool.get("count") or 1) * size["cores"], location)


def _need_zones(size: Document, pool: Document, location: str) -> None:
    supported = [zone for zone in _ZONES if zone not in size.get("closed_zones", ())]
    if refused := sorted(set(pool.get("availabilityZones") or ()) - set(supported)):
        raise invalid(
            f"The zone(s) '{','.join(refused)}' for resource '{pool['name']}' is not supported. The "
            f"supported zones for location '{location}' are '{','.join(supported)}'",
            "AvailabilityZoneNotSupported",
        )


def _need_quota(cloud: Cloud, size: Document, cores: int, location: str) -> None:
    for name in ("cores", size["family"]):
        left = _limit(cloud, name) - _used(cloud, name)
        if cores > left:
            message = (
                f"Insufficient vcpu quota requested {cores}, remaining {left} for family {size['family']} "
                f"for region {location}."
            )
            raise ArmError(400, "ErrCode_InsufficientVCPUQuota", message)


def _limit(cloud: Cloud, name: str) -> int:
    return cloud.faults.setting(f"quota {name}", "limit", _LIMIT)


def _used(cloud: Cloud, name: str) -> int:
    """vCPUs of all clusters' nodes; of one family, or of all for ``cores``."""
    pools = [
        pool
        for resource in cloud.store.all(RESOURCE)
        for pool in resource.get("properties", {}).get("agentPoolProfiles") or ()
    ]
    known = ((pool, sizes().get(pool["vmSize"])) for pool in pools)
    return sum(
        pool["count"] * size["cores"] for pool, size in known if size and name in ("cores", size["family"])
    )


def _usage(cloud: Cloud, name: str) -> Document:
    shown = "Total Regional vCPUs" if name == "cores" else f"{name} vCPUs"
    about = {"name": {"value": name, "localizedValue": shown}, "unit": "Count"}
    return {**about, "currentValue": _used(cloud, name), "limit": _limit(cloud, name)}


def _sku(name: str, size: Document) -> Document:
    location = "westeurope"
    numbers = {"vCPUs": size["cores"], "MemoryGB": size["memory"]}
    return {
        **{"resourceType": "virtualMachines", "name": name, "tier": "Standard", "family": size["family"]},
        "size": name.removeprefix("Standard_"),
        "locations": [location],
        "locationInfo": [{"location": location, "zones": _ZONES, "zoneDetails": []}],
        "capabilities": [{"name": key, "value": str(value)} for key, value in numbers.items()],
        "restrictions": [
            *([_closed("Location", location)] if size.get("restricted") else []),
            *([_closed("Zone", location, zones=size["closed_zones"])] if "closed_zones" in size else []),
        ],
    }


def _closed(kind: str, location: str, **more: list[str]) -> Document:
    return {
        **{"type": kind, "values": [location], "reasonCode": "NotAvailableForSubscription"},
        "restrictionInfo": {"locations": [location], **more},
    }


RESOURCE_TYPES = (Skus(), Usages())
ACTIONS = {}
