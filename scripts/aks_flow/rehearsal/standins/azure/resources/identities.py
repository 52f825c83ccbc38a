"""User-assigned managed identities."""

import uuid

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Call
from aks_flow.rehearsal.standins.azure.arm.kind import Kind
from aks_flow.rehearsal.standins.azure.entra.principals import IDENTITIES
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.azure.world import World


class Identity(Kind):
    """Its client id and object id are made with it and stay."""

    type = IDENTITIES

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        if old:
            return old["properties"]
        made = {name: str(uuid.uuid4()) for name in ("clientId", "principalId")}
        return {**made, "tenantId": call.world.seed.tenant}


def make(world: World, group: str, name: str, location: str) -> Document:
    """What Azure itself makes in the group with this id; its ids as a cluster's profile has them."""
    where = f"{group}/providers/{IDENTITIES}/{name}"
    ids = {key: str(uuid.uuid4()) for key in ("clientId", "principalId")}
    about = {"id": where, "name": name, "type": IDENTITIES, "location": location, "tags": {}}
    world.store.put(RESOURCE, where, {**about, "properties": {**ids, "provisioningState": "Succeeded"}})
    return {"clientId": ids["clientId"], "objectId": ids["principalId"], "resourceId": where}


KINDS = (Identity(),)
ACTIONS = {}
