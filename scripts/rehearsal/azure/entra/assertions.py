"""Federated sign-in: is a presented token one that the identity trusts? Letter case counts in every part."""

from scripts.rehearsal.azure.arm.call import RESOURCE
from scripts.rehearsal.azure.entra import errors
from scripts.rehearsal.azure.entra.principals import Principal
from scripts.rehearsal.azure.store import Document
from scripts.rehearsal.azure.tokens import TokenError
from scripts.rehearsal.azure.world import World

_PARTS = ((700211, "issuer"), (700212, "audience"), (700213, "subject"))


def check(world: World, principal: Principal, assertion: str) -> None:
    """SignInError unless one of the identity's federated credentials matches the assertion."""
    try:
        claims = world.signer.read(assertion)
    except TokenError as error:
        raise errors.bad_assertion(str(error)) from error
    if not claims.get("nbf", 0) <= world.now() < claims.get("exp", 0):
        raise errors.old_assertion(claims, world.now())
    said = {"issuer": claims.get("iss"), "audience": claims.get("aud"), "subject": claims.get("sub")}
    left = credentials(world, principal)
    for code, part in _PARTS:
        left = [each for each in left if _trusts(each, part, said[part])]
        if not left:
            raise errors.no_credential(code, part, said[part])


def credentials(world: World, principal: Principal) -> list[Document]:
    """The identity's federated credentials."""
    inside = world.store.all(RESOURCE, f"{principal.resource}/federatedIdentityCredentials/")
    return [each["properties"] for each in inside] if principal.resource else []


def _trusts(credential: Document, part: str, value: str) -> bool:
    return value in credential["audiences"] if part == "audience" else value == credential[part]
