"""Federated identity credentials: whose tokens an identity trusts."""

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid, no_resource
from aks_flow.rehearsal.standins.azure.arm.kind import Kind
from aks_flow.rehearsal.standins.azure.entra.principals import IDENTITIES
from aks_flow.rehearsal.standins.azure.store import Document

LIMIT = 20  # credentials of one identity


class FederatedCredential(Kind):
    """A child of an identity: issuer, subject and audiences, compared letter by letter."""

    type = f"{IDENTITIES}/federatedIdentityCredentials"
    tracked = False

    def put(self, call: Call) -> Answer:
        identity = call.place.id.rpartition("/federatedIdentityCredentials/")[0]
        if not call.world.store.get(RESOURCE, identity):
            raise no_resource(IDENTITIES, call.place.names[0], call.place.group)
        return super().put(call)

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        requested = body.get("properties") or {}
        for part in ("issuer", "subject", "audiences"):
            if not requested.get(part):
                raise invalid(f"The property '{part}' of the federated identity credential is required.")
        others = [sibling for sibling in _siblings(call) if sibling["name"] != call.place.name]
        _check(others, requested, old)
        return {part: requested[part] for part in ("issuer", "subject", "audiences")}


def _check(others: list[Document], requested: Document, old: Document | None) -> None:
    if not old and len(others) >= LIMIT:
        message = f"Too many Federated Identity Credentials: the limit of {LIMIT} per identity is reached."
        raise ArmError(400, "TooManyFederatedIdentityCredentials", message)
    if any(
        (sibling["properties"]["issuer"], sibling["properties"]["subject"])
        == (requested["issuer"], requested["subject"])
        for sibling in others
    ):
        message = "Issuer and subject combination already exists for this Managed Identity."
        raise ArmError(409, "FederatedIdentityCredentialConflict", message)


def _siblings(call: Call) -> list[Document]:
    return call.world.store.all(RESOURCE, call.place.id.rpartition("/")[0] + "/")


KINDS = (FederatedCredential(),)
ACTIONS = {}
