"""Federated identity credentials: whose tokens an identity trusts."""

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid, no_resource
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType
from aks_flow.rehearsal.standins.azure.entra.principals import IDENTITIES
from aks_flow.rehearsal.standins.azure.store import Document

LIMIT = 20  # credentials of one identity


class FederatedCredential(ResourceType):
    """A child of an identity: issuer, subject and audiences, compared letter by letter."""

    type = f"{IDENTITIES}/federatedIdentityCredentials"
    tracked = False

    def put(self, call: Call) -> Answer:
        identity = call.path.id.rpartition("/federatedIdentityCredentials/")[0]
        if not call.cloud.store.get(RESOURCE, identity):
            raise no_resource(IDENTITIES, call.path.names[0], call.path.group)
        return super().put(call)

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        requested = body.get("properties") or {}
        for part in ("issuer", "subject", "audiences"):
            if not requested.get(part):
                raise invalid(f"The property '{part}' of the federated identity credential is required.")
        others = [sibling for sibling in _siblings(call) if sibling["name"] != call.path.name]
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
    return call.cloud.store.all(RESOURCE, call.path.id.rpartition("/")[0] + "/")


RESOURCE_TYPES = (FederatedCredential(),)
ACTIONS = {}
