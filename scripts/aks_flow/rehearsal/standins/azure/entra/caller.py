"""Who calls: a bearer token's claims, checked."""

import datetime
from dataclasses import dataclass

from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.tokens import TokenError


@dataclass(frozen=True)
class Caller:
    """object_id: whom role assignments name. app: the application's id."""

    object_id: str
    app: str
    tenant: str


def caller(cloud: Cloud, authorization: str, audiences: tuple[str, ...]) -> Caller:
    """The caller that an Authorization header names; ArmError 401 as Azure Resource Manager words it."""
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise _refusal(
            cloud, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing."
        )
    try:
        claims = cloud.signer.read(token)
    except TokenError as error:
        raise _refusal(
            cloud, "InvalidAuthenticationToken", f"The access token is invalid: {error}."
        ) from error
    _check_time(cloud, claims)
    if claims.get("aud", "").rstrip("/") not in audiences:
        message = (
            "The access token has been obtained for wrong audience or resource "
            f"'{claims.get('aud')}'. It should exactly match with one of the allowed audiences "
            f"{', '.join(repr(audience) for audience in audiences)}."
        )
        raise _refusal(cloud, "InvalidAuthenticationTokenAudience", message)
    return Caller(claims["oid"], claims["appid"], claims["tid"])


def _check_time(cloud: Cloud, claims: dict) -> None:
    ends = claims.get("exp", 0)
    if ends > cloud.now():
        return
    expired, now = (datetime.datetime.fromtimestamp(at, datetime.UTC) for at in (ends, cloud.now()))
    message = (
        f"The access token expiry UTC time '{expired:%m/%d/%Y %I:%M:%S %p}' is earlier than "
        f"current UTC time '{now:%m/%d/%Y %I:%M:%S %p}'."
    )
    raise _refusal(cloud, "ExpiredAuthenticationToken", message)


def _refusal(cloud: Cloud, code: str, message: str) -> ArmError:
    authority = f'authorization_uri="{cloud.url}/{cloud.seed.tenant}"'
    challenge = f'Bearer {authority}, error="invalid_token", error_description="{message}"'
    return ArmError(401, code, message, {"WWW-Authenticate": challenge})
