"""Container registries."""

import datetime
import re

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid
from aks_flow.rehearsal.standins.azure.arm.name_availability import Problem, availability
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources.providers import need_registered
from aks_flow.rehearsal.standins.azure.store import Document

REGISTRIES = "Microsoft.ContainerRegistry/registries"
_SKUS = ("Basic", "Standard", "Premium")
_NAME = r"[A-Za-z0-9]{5,50}"
_TAKEN = ("registry", "contoso", "mcr00")  # by somebody else, for who wants to try


class ContainerRegistry(ResourceType):
    """One at a time: its login server is the stand-in's own address, with `acr/` behind it."""

    type = REGISTRIES
    slow = True

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        need_registered(call)
        if (body.get("sku") or (old or {}).get("sku") or {}).get("name") not in _SKUS:
            raise invalid(f"The SKU of a registry must be one of: {', '.join(_SKUS)}.", "InvalidSku")
        if not old and (problem := _problem(call.cloud, call.path.name)):
            raise ArmError(409, *problem)
        settings = {**(_new(call) if not old else old["properties"]), **(body.get("properties") or {})}
        return {**settings, "loginServer": call.cloud.host}

    def make(self, call: Call, body: Document, old: Document | None) -> Document:
        made = super().make(call, body, old)
        made["sku"] = {"name": made["sku"]["name"], "tier": made["sku"]["name"]}
        return call.cloud.store.put(RESOURCE, made["id"], made)


def the_registry(cloud: Cloud) -> Document | None:
    """The registry that there is, or None."""
    return next((resource for resource in cloud.store.all(RESOURCE) if resource["type"] == REGISTRIES), None)


def store_of(registry: Document) -> str:
    """Where its images are in the rehearsal's registry; one of the same name made later begins empty."""
    made = re.sub(r"\D", "", registry["properties"]["creationDate"])
    return f"azure/{registry['name'].lower()}-{made}"


def _new(call: Call) -> Document:
    created = datetime.datetime.fromtimestamp(call.cloud.now(), datetime.UTC)
    return {
        "creationDate": created.isoformat(),
        "adminUserEnabled": False,
        "anonymousPullEnabled": False,
        "publicNetworkAccess": "Enabled",
        "networkRuleBypassOptions": "AzureServices",
        "dataEndpointEnabled": False,
        "dataEndpointHostNames": [],
        "encryption": {"status": "disabled"},
        "policies": {"azureADAuthenticationAsArmPolicy": {"status": "enabled"}},
        "zoneRedundancy": "Disabled",
    }


def _problem(cloud: Cloud, name: str) -> Problem | None:
    """Why a new registry cannot have the name: code and message."""
    if not re.fullmatch(_NAME, name):
        message = f"The registry name '{name}' is invalid: it must be 5 to 50 letters and digits."
        return "InvalidResourceName", message
    there = the_registry(cloud)
    if name.lower() in _TAKEN or (there and there["name"].lower() == name.lower()):
        return "AlreadyInUse", f"The registry {name} is already in use."
    if there:
        message = f"The rehearsal's Azure has one registry at a time, and '{there['name']}' is it."
        return "QuotaExceeded", message
    return None


def _check_name(call: Call) -> Answer:
    problem = _problem(call.cloud, call.body.get("name", ""))
    return availability(problem, "InvalidResourceName", reason="Invalid")


RESOURCE_TYPES = (ContainerRegistry(),)
ACTIONS = {"Microsoft.ContainerRegistry/checkNameAvailability": _check_name}
