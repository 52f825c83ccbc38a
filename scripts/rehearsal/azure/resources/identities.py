"""User-assigned managed identities."""

import uuid

from scripts.rehearsal.azure.arm.call import Call
from scripts.rehearsal.azure.arm.kind import Kind
from scripts.rehearsal.azure.entra.principals import IDENTITIES
from scripts.rehearsal.azure.store import Document


class Identity(Kind):
    """Its client id and object id are made with it and stay."""

    type = IDENTITIES

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        if old:
            return old["properties"]
        made = {name: str(uuid.uuid4()) for name in ("clientId", "principalId")}
        return {**made, "tenantId": call.world.seed.tenant}


KINDS = (Identity(),)
ACTIONS = {}
