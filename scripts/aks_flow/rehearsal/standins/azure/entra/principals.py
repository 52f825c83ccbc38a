"""Applications and managed identities, by client id or object id."""

from dataclasses import dataclass

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE
from aks_flow.rehearsal.standins.azure.world import World

IDENTITIES = "Microsoft.ManagedIdentity/userAssignedIdentities"


@dataclass(frozen=True)
class Principal:
    """client: the application's id. resource: the managed identity's resource id, "" for an application."""

    client: str
    object_id: str
    name: str
    resource: str = ""


def principals(world: World) -> list[Principal]:
    """The owner's application and every managed identity."""
    owner = Principal(world.seed.owner, world.seed.owner_object, "owner")
    identities = [resource for resource in world.store.all(RESOURCE) if resource["type"] == IDENTITIES]
    return [owner, *(_of(identity) for identity in identities)]


def by_client(world: World, client: str) -> Principal | None:
    return next((principal for principal in principals(world) if principal.client == client), None)


def _of(identity: dict) -> Principal:
    properties = identity["properties"]
    return Principal(properties["clientId"], properties["principalId"], identity["name"], identity["id"])
