"""Key Vaults. A removed one keeps its name and its secrets, and can be recovered or purged."""

import datetime
import re
from dataclasses import replace

from aks_flow.rehearsal.standins.azure.arm import operations
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid
from aks_flow.rehearsal.standins.azure.arm.name_availability import Problem, availability
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType, page
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources.providers import need_registered
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.kubernetes import credentials

VAULTS = "Microsoft.KeyVault/vaults"
SECRET = "secret"  # the store's kind of secrets; keys are below the vault's resource id
_NAME = r"(?=.{3,24}$)[A-Za-z](-?[A-Za-z0-9])*"
_TAKEN = ("contoso", "vault")  # by somebody else, for who wants to try
_DELETED = "Microsoft.KeyVault/locations/deletedVaults"
_KEPT, _DAY = 90, 24 * 60 * 60  # days, unless the vault says otherwise; seconds


class Vault(ResourceType):
    """Its secrets are at an address of its own: ``keyvault.vault_secrets``."""

    type = VAULTS

    def put(self, call: Call) -> Answer:
        removed = _removed(call.cloud).get(call.path.name.lower())
        if (call.body.get("properties") or {}).get("createMode") != "recover":
            return replace(super().put(call), status=200)
        if not removed or removed["id"].lower() != call.path.id.lower():
            message = f"Vault '{call.path.name}' is not one that can be recovered."
            raise ArmError(404, "VaultNotFound", message)
        call.cloud.store.remove(operations.REMOVED, removed["id"])
        removed = {key: value for key, value in removed.items() if key != "removedAt"}
        return Answer(self.view(call.cloud, call.cloud.store.put(RESOURCE, removed["id"], removed)))

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        need_registered(call)
        if not old and (problem := _problem(call.cloud, call.path.name)):
            raise ArmError(409, *problem)
        settings = super().shape(call, body, old)
        if not settings.get("tenantId"):
            raise invalid("The vault needs a tenantId.", "BadRequest")
        made = (old or {}).get("properties", {}).get("createdAt", call.cloud.now())
        about = {"publicNetworkAccess": "Enabled", "accessPolicies": [], "enabledForDeployment": False}
        address = {"vaultUri": f"{url(call.cloud, call.path.name)}/", "enableSoftDelete": True}
        return {**about, **settings, **address, "createdAt": made}

    def view(self, cloud: Cloud, resource: Document) -> Document:
        """Its name takes a moment to be known; until then the address has no slash at its end."""
        made = resource["properties"].get("createdAt", 0)
        shown = {key: value for key, value in resource["properties"].items() if key != "createdAt"}
        if cloud.now() < made + operations.SECONDS:
            shown |= {"provisioningState": "RegisteringDns", "vaultUri": shown["vaultUri"].rstrip("/")}
        return {**resource, "properties": shown}


class Removed(ResourceType):
    """``…/deletedVaults`` of the subscription."""

    type = "Microsoft.KeyVault/deletedVaults"

    def list(self, call: Call) -> Answer:
        need_registered(call)
        return page(call, [_about(vault) for vault in _removed(call.cloud).values()])


class RemovedHere(ResourceType):
    """One of them, by its location."""

    type = _DELETED

    def get(self, call: Call) -> Answer:
        vault = _removed(call.cloud).get(call.path.name.lower())
        if not vault:
            raise ArmError(404, "DeletedVaultNotFound", f"There is no deleted vault {call.path.name}.")
        return Answer(_about(vault))


def url(cloud: Cloud, name: str) -> str:
    """Where a vault answers: a name that only the stand-in's tunnel (listening.py) leads to."""
    return f"https://{name.lower()}.{suffix(cloud)}"


def suffix(cloud: Cloud) -> str:
    return f"{credentials.VAULTS}:{cloud.port}"


def named(cloud: Cloud, name: str) -> Document | None:
    vaults = (vault for vault in cloud.store.all(RESOURCE) if vault["type"] == VAULTS)
    return next((vault for vault in vaults if vault["name"].lower() == name.lower()), None)


def _removed(cloud: Cloud) -> dict[str, Document]:
    vaults = (vault for vault in cloud.store.all(operations.REMOVED) if vault["type"] == VAULTS)
    return {vault["name"].lower(): vault for vault in vaults}


def _about(vault: Document) -> Document:
    """A removed vault, as it is shown: not where it was, but in its location."""
    kept = vault["properties"].get("softDeleteRetentionInDays") or _KEPT
    properties = {
        **{"vaultId": vault["id"], "location": vault["location"], "tags": vault["tags"]},
        "deletionDate": _date(vault["removedAt"]),
        "scheduledPurgeDate": _date(vault["removedAt"] + kept * _DAY),
    }
    subscription = "/".join(vault["id"].split("/")[:3])
    place = f"{subscription}/providers/Microsoft.KeyVault/locations/{vault['location']}/deletedVaults"
    return {
        **{"id": f"{place}/{vault['name']}", "name": vault["name"], "type": Removed.type},
        "properties": properties,
    }


def _date(seconds: float) -> str:
    return f"{datetime.datetime.fromtimestamp(seconds, datetime.UTC):%Y-%m-%dT%H:%M:%SZ}"


def _problem(cloud: Cloud, name: str) -> Problem | None:
    """Why a new vault cannot have the name: code and message."""
    if not re.fullmatch(_NAME, name):
        return "VaultNameNotValid", f"The vault name '{name}' is invalid."
    if name.lower() in _removed(cloud):
        message = f"A vault with the same name '{name}' already exists in deleted state. Recover or purge it."
        return "ConflictError", message
    if name.lower() in _TAKEN or named(cloud, name):
        return (
            "VaultAlreadyExists",
            f"The vault name '{name}' is already in use. Vault names are globally unique.",
        )
    return None


def _check_name(call: Call) -> Answer:
    need_registered(call)
    problem = _problem(call.cloud, call.body.get("name", ""))
    return availability(problem, "VaultNameNotValid", reason="AccountNameInvalid")


RESOURCE_TYPES = (Vault(), Removed(), RemovedHere())
ACTIONS = {"Microsoft.KeyVault/checkNameAvailability": _check_name}
