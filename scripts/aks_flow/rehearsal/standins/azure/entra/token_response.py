"""What a successful sign-in gives: an access token, and for a person an id token and a refresh token."""

import base64
import json
import secrets
import uuid

from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.grants import CODE
from aks_flow.rehearsal.standins.azure.entra.principals import Principal

LIFETIME = 3600  # seconds; Azure's are 60 to 90 minutes


def answer(cloud: Cloud, principal: Principal, scope: str) -> dict:
    """The token endpoint's answer (RFC 6749) for ``scope``: ``RESOURCE/.default …``."""
    lifetime = cloud.faults.setting("token", "lifetime", LIFETIME)
    audience = next((word for word in scope.split() if word.endswith("/.default")), scope).removesuffix(
        "/.default"
    )
    given = {
        "token_type": "Bearer",
        **{"expires_in": lifetime, "ext_expires_in": lifetime},
        "access_token": access_token(cloud, principal, audience, lifetime),
    }
    return given | (_for_person(cloud, principal, scope) if is_person(cloud, principal) else {})


def is_person(cloud: Cloud, principal: Principal) -> bool:
    return principal.object_id == cloud.seed.person_object


def access_token(cloud: Cloud, principal: Principal, audience: str, lifetime: int) -> str:
    now, tenant = int(cloud.now()), cloud.seed.tenant
    kind = {"idtyp": "app"} if not is_person(cloud, principal) else {"idtyp": "user", "upn": principal.name}
    return cloud.signer.sign(
        {
            **{"aud": audience, "iss": f"https://sts.windows.net/{tenant}/", "tid": tenant, "ver": "1.0"},
            **{"iat": now, "nbf": now, "exp": now + lifetime, "uti": secrets.token_urlsafe(16)},
            **{"appid": principal.client, "oid": principal.object_id, "sub": principal.object_id, **kind},
        }
    )


def _for_person(cloud: Cloud, principal: Principal, scope: str) -> dict:
    now, tenant = int(cloud.now()), cloud.seed.tenant
    refresh = str(uuid.uuid4())
    cloud.store.put(CODE, refresh, {"person": principal.name})
    who = {"preferred_username": principal.name, "name": "Owner", "oid": principal.object_id, "tid": tenant}
    claims = {
        **{
            "aud": principal.client,
            "iss": f"{cloud.url}/{tenant}/v2.0",
            "sub": principal.object_id,
            "ver": "2.0",
        },
        **{"iat": now, "nbf": now, "exp": now + LIFETIME, **who},
    }
    info = json.dumps({"uid": principal.object_id, "utid": tenant}).encode()
    return {
        "scope": scope,
        "refresh_token": refresh,
        "id_token": cloud.signer.sign(claims),
        "client_info": base64.urlsafe_b64encode(info).rstrip(b"=").decode(),
    }
