"""ACR's tokens: a refresh token for an Entra token, an access token for a refresh token.

https://github.com/Azure/acr/blob/main/docs/AAD-OAuth.md says what is exchanged for what.
"""

import secrets

from aks_flow.rehearsal.standins.azure.arm import access
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.caller import caller
from aks_flow.rehearsal.standins.azure.resources.clusters import kubelet
from aks_flow.rehearsal.standins.azure.resources.registries import REGISTRIES, honours_old_roles, the_registry
from aks_flow.rehearsal.standins.azure.seed import NODE
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.azure.tokens import TokenError

AUDIENCES = ("https://containerregistry.azure.net", "https://management.core.windows.net")
TASK = "task"  # the registry's own builds, in place of an object id
REFRESH_LIFETIME = 3 * 3600  # seconds, as in Azure
ACCESS_LIFETIME = 75 * 60
_ACTIONS = {"pull": f"{REGISTRIES}/pull/read", "push": f"{REGISTRIES}/push/write"}


class Denied(Exception):
    """The credentials name nobody, or somebody without a role at the registry."""


def refresh_token(cloud: Cloud, entra_token: str) -> str:
    """A refresh token for the principal that the Entra token names; Denied unless it may pull or push."""
    try:
        who = caller(cloud, f"Bearer {entra_token}", AUDIENCES).object_id
    except ArmError as error:
        raise Denied(error.message) from error
    if not permitted(cloud, who, ["pull", "push"]):
        raise Denied(f"the principal {who} has no role at the registry")
    lifetime = cloud.faults.setting("acr token", "lifetime", REFRESH_LIFETIME)
    return _sign(cloud, {"oid": who, "grant_type": "refresh_token"}, lifetime)


def task_token(cloud: Cloud) -> str:
    """The refresh token of the registry's own tasks."""
    return _sign(cloud, {"oid": TASK, "grant_type": "refresh_token"}, REFRESH_LIFETIME)


def principal(cloud: Cloud, user: str, password: str) -> str:
    """The object id behind a user name and password; Denied without one.

    The user name that goes with a token is a GUID of zeros.
    """
    if user == NODE and cloud.seed.is_node(password):
        return kubelet(cloud)
    try:
        claims = cloud.signer.read(password)
    except TokenError as error:
        raise Denied(str(error)) from error
    if claims.get("grant_type") != "refresh_token" or claims["exp"] <= cloud.now():
        raise Denied("the refresh token has expired, or is none")
    return claims["oid"]


def access_token(cloud: Cloud, who: str, scopes: list[str]) -> str:
    """An access token for what ``who`` may do of ``scopes`` (``repository:NAME:pull,push``)."""
    granted = []
    for scope in scopes:
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        if mine := permitted(
            cloud, who, [requested for requested in _ACTIONS if requested in actions.split(",")]
        ):
            granted.append({"type": kind, "name": name, "actions": mine})
    lifetime = cloud.faults.setting("acr token", "lifetime", ACCESS_LIFETIME)
    return _sign(cloud, {"oid": who, "grant_type": "access_token", "access": granted}, lifetime)


def permitted(cloud: Cloud, who: str, actions: list[str]) -> list[str]:
    """Those of the actions that a role at the registry permits."""
    registry = the_registry(cloud)
    if not registry or not who or not honours_old_roles(registry):
        return []
    if who == TASK:
        return actions
    return [
        requested for requested in actions if access.permits(cloud, who, registry["id"], _ACTIONS[requested])
    ]


def allows(cloud: Cloud, token: str, repository: str, action: str) -> bool:
    """True if an access token is valid and grants the action; any valid one will do for no repository."""
    try:
        claims = cloud.signer.read(token)
    except TokenError:
        return False
    if claims.get("grant_type") != "access_token" or claims["exp"] <= cloud.now():
        return False
    return not repository or any(_covers(grant, repository, action) for grant in claims["access"])


def _covers(grant: Document, repository: str, action: str) -> bool:
    return grant["name"] == repository and action in grant["actions"]


def _sign(cloud: Cloud, claims: Document, lifetime: float) -> str:
    now = int(cloud.now())
    about = {"iss": "Azure Container Registry", "aud": cloud.host, "jti": secrets.token_hex(16)}
    return cloud.signer.sign({**about, "iat": now, "nbf": now, "exp": now + lifetime, **claims})
