"""Applications and managed identities, by client id or object id."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE
from aks_flow.rehearsal.standins.azure.cloud import Cloud

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"


@dataclass(frozen=True)
class Principal:
    """client: the application's id. resource: the managed identity's resource id, "" for an application."""

    client: str
    object_id: str
    name: str
    resource: str = ""


def principals(cloud: Cloud) -> list[Principal]:
    """The owner's application and every managed identity."""
    owner = Principal(cloud.seed.owner, cloud.seed.owner_object, "owner")
    identities = [resource for resource in cloud.store.all(RESOURCE) if resource["type"] == IDENTITIES]
    return [owner, *(_of(identity) for identity in identities)]


def by_client(cloud: Cloud, client: str) -> Principal | None:
    return next((principal for principal in principals(cloud) if principal.client == client), None)


def _of(identity: dict) -> Principal:
    properties = identity["properties"]
    return Principal(properties["clientId"], properties["principalId"], identity["name"], identity["id"])
