"""The ways to a token: what each OAuth grant needs, and whose token it gives."""

import hmac
from collections.abc import Callable, Mapping

from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra import assertions
from aks_flow.rehearsal.standins.azure.entra.errors import SignInError
from aks_flow.rehearsal.standins.azure.entra.principals import Principal, by_client

CODE = "code"  # the store's kind of device codes, authorization codes and refresh tokens
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

Form = Mapping[str, str]


def person(cloud: Cloud, client: str) -> Principal:
    """The person who owns the subscription, as seen through a client application."""
    return Principal(client, cloud.seed.person_object, cloud.seed.person)


def _client_credentials(cloud: Cloud, form: Form) -> Principal:
    principal = by_client(cloud, form.get("client_id", ""))
    if not principal:
        raise SignInError(700016, client=form.get("client_id", ""))
    if form.get("client_assertion_type") == _ASSERTION:
        assertions.check(cloud, principal, form.get("client_assertion", ""))
    elif principal.client != cloud.seed.owner or not _is_secret(cloud, form.get("client_secret", "")):
        raise SignInError(7000215, client=principal.client)
    return principal


def _is_secret(cloud: Cloud, given: str) -> bool:
    return hmac.compare_digest(given, cloud.seed.owner_secret)


def _with_code(field: str) -> Callable[[Cloud, Form], Principal]:
    """A grant by a code or refresh token that was issued before; codes work once, refresh tokens always."""

    def grant(cloud: Cloud, form: Form) -> Principal:
        code = form.get(field, "")
        if not cloud.store.get(CODE, code):
            raise SignInError(70000)
        if field != "refresh_token":
            cloud.store.remove(CODE, code)
        return person(cloud, form.get("client_id", ""))

    return grant


GRANTS: dict[str, Callable[[Cloud, Form], Principal]] = {
    "client_credentials": _client_credentials,
    "authorization_code": _with_code("code"),
    "refresh_token": _with_code("refresh_token"),
    "urn:ietf:params:oauth:grant-type:device_code": _with_code("device_code"),
}
