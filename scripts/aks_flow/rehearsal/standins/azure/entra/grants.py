"""The ways to a token: what each OAuth grant needs, and whose token it gives."""

import hmac
from collections.abc import Callable, Mapping

from aks_flow.rehearsal.standins.azure.entra import assertions
from aks_flow.rehearsal.standins.azure.entra.errors import SignInError
from aks_flow.rehearsal.standins.azure.entra.principals import Principal, by_client
from aks_flow.rehearsal.standins.azure.world import World

CODE = "code"  # the store's kind of device codes, authorization codes and refresh tokens
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

Form = Mapping[str, str]


def person(world: World, client: str) -> Principal:
    """The person who owns the subscription, as seen through a client application."""
    return Principal(client, world.seed.person_object, world.seed.person)


def _client_credentials(world: World, form: Form) -> Principal:
    principal = by_client(world, form.get("client_id", ""))
    if not principal:
        raise SignInError(700016, client=form.get("client_id", ""))
    if form.get("client_assertion_type") == _ASSERTION:
        assertions.check(world, principal, form.get("client_assertion", ""))
    elif principal.client != world.seed.owner or not _is_secret(world, form.get("client_secret", "")):
        raise SignInError(7000215, client=principal.client)
    return principal


def _is_secret(world: World, given: str) -> bool:
    return hmac.compare_digest(given, world.seed.owner_secret)


def _with_code(field: str) -> Callable[[World, Form], Principal]:
    """A grant that shows something given out before; a code works once, a refresh token always."""

    def grant(world: World, form: Form) -> Principal:
        code = form.get(field, "")
        if not world.store.get(CODE, code):
            raise SignInError(70000)
        if field != "refresh_token":
            world.store.remove(CODE, code)
        return person(world, form.get("client_id", ""))

    return grant


GRANTS: dict[str, Callable[[World, Form], Principal]] = {
    "client_credentials": _client_credentials,
    "authorization_code": _with_code("code"),
    "refresh_token": _with_code("refresh_token"),
    "urn:ietf:params:oauth:grant-type:device_code": _with_code("device_code"),
}
