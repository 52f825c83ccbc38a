"""Federated identity credentials: whose tokens an identity trusts."""

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid, no_resource
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType, in_lower_case, with_location
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.principals import IDENTITIES
from aks_flow.rehearsal.standins.azure.resources import identities
from aks_flow.rehearsal.standins.azure.store import Document

LIMIT = 20  # credentials of one identity
_WRITE = "credential write"  # the store's kind: the last write to an identity's credentials
_AT_ONCE = "ConcurrentFederatedIdentityCredentialsWritesForSingleManagedIdentity"
_WRITES = 0.2  # seconds for which a write goes on


class FederatedCredential(ResourceType):
    """A child of an identity: issuer, subject and audiences, compared letter by letter."""

    type = f"{IDENTITIES}/federatedIdentityCredentials"
    tracked = False

    def view(self, cloud: Cloud, resource: Document) -> Document:
        return in_lower_case(resource, "provisioningState")

    def answered(self, call: Call, resource: Document, status: int) -> Answer:
        return with_location(super().answered(call, resource, status))

    def put(self, call: Call) -> Answer:
        identity = call.path.id.rpartition("/federatedIdentityCredentials/")[0]
        if not call.cloud.store.get(RESOURCE, identity):
            raise no_resource(IDENTITIES, call.path.names[0], call.path.group)
        identities.need_known(call.cloud, identity)
        self._alone(call, identity)
        return super().put(call)

    @staticmethod
    def _alone(call: Call, identity: str) -> None:
        """ArmError 409 while another write to a credential of the same identity goes on."""
        begun = call.cloud.store.get(_WRITE, identity) or {"ends": 0, "credential": ""}
        if begun["ends"] > call.cloud.now() and begun["credential"] != call.path.name:
            message = "Federated Identity Credentials of one identity cannot be written at once."
            raise ArmError(409, _AT_ONCE, message)
        ends = call.cloud.now() + _WRITES
        call.cloud.store.put(_WRITE, identity, {"ends": ends, "credential": call.path.name})

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
