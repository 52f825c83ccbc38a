"""User-assigned managed identities."""

import uuid

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType, in_lower_case, with_location
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.principals import IDENTITIES
from aks_flow.rehearsal.standins.azure.store import Document

SECONDS = 3  # until Entra ID knows a new identity: nobody's tokens can be its own before
_KNOWN = "identity known"  # the store's kind: from when on it does


class Identity(ResourceType):
    """Its client id and object id are made with it and stay."""

    type = IDENTITIES

    def view(self, cloud: Cloud, resource: Document) -> Document:
        return in_lower_case(resource, "provisioningState")

    def answered(self, call: Call, resource: Document, status: int) -> Answer:
        return with_location(super().answered(call, resource, status))

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        if old:
            return old["properties"]
        call.cloud.store.put(_KNOWN, call.path.id, {"from": call.cloud.now() + SECONDS})
        made = {name: str(uuid.uuid4()) for name in ("clientId", "principalId")}
        return {**made, "tenantId": call.cloud.seed.tenant}


def need_known(cloud: Cloud, identity: str) -> None:
    """ArmError while Entra ID does not know the identity: Azure/Azure-Verified-Modules#2673."""
    if (cloud.store.get(_KNOWN, identity) or {"from": 0})["from"] > cloud.now():
        message = "MS Graph resource not found during Federated Identity Credential creation."
        raise ArmError(404, "NotFound", message)


def make(cloud: Cloud, group: str, name: str, location: str) -> Document:
    """What Azure itself makes in the group with this id; its ids as a cluster's profile has them."""
    where = f"{group}/providers/{IDENTITIES}/{name}"
    ids = {key: str(uuid.uuid4()) for key in ("clientId", "principalId")}
    about = {"id": where, "name": name, "type": IDENTITIES, "location": location, "tags": {}}
    cloud.store.put(RESOURCE, where, {**about, "properties": {**ids, "provisioningState": "Succeeded"}})
    shown = where.replace("/resourceGroups/", "/resourcegroups/")
    return {"clientId": ids["clientId"], "objectId": ids["principalId"], "resourceId": shown}


RESOURCE_TYPES = (Identity(),)
ACTIONS = {}
