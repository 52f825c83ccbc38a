"""Federated sign-in: is a presented token one that the identity trusts? Letter case counts in every part."""

import datetime

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.errors import SignInError
from aks_flow.rehearsal.standins.azure.entra.principals import Principal
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.azure.tokens import TokenError

_PARTS = ((700211, "issuer"), (700212, "audience"), (700213, "subject"))


def check(cloud: Cloud, principal: Principal, assertion: str) -> None:
    """SignInError unless one of the identity's federated credentials matches the assertion."""
    try:
        claims = cloud.signer.read(assertion)
    except TokenError as error:
        raise SignInError(50027, why=str(error)) from error
    if not claims.get("nbf", 0) <= cloud.now() < claims.get("exp", 0):
        raise SignInError(700024, **_times(claims, cloud.now()))
    said = {"issuer": claims.get("iss"), "audience": claims.get("aud"), "subject": claims.get("sub")}
    left = credentials(cloud, principal)
    for code, part in _PARTS:
        left = [credential for credential in left if _trusts(credential, part, said[part])]
        if not left:
            raise SignInError(code, part=part, value=said[part])


def _times(claims: Document, now: float) -> dict[str, str]:
    moments = {"now": now, "begins": claims.get("nbf", claims.get("iat", 0)), "ends": claims.get("exp", 0)}
    form = "%Y-%m-%dT%H:%M:%S.%fZ"
    return {
        name: datetime.datetime.fromtimestamp(at, datetime.UTC).strftime(form) for name, at in moments.items()
    }


def credentials(cloud: Cloud, principal: Principal) -> list[Document]:
    """The identity's federated credentials."""
    inside = cloud.store.all(RESOURCE, f"{principal.resource}/federatedIdentityCredentials/")
    return [resource["properties"] for resource in inside] if principal.resource else []


def _trusts(credential: Document, part: str, value: str) -> bool:
    return value in credential["audiences"] if part == "audience" else value == credential[part]
