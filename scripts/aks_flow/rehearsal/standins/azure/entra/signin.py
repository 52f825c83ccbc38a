"""Sign-in over HTTP: discovery, keys, the token endpoint, a device's code, a browser's page."""

import uuid
from urllib.parse import urlencode, urlsplit

from aiohttp import web

from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra import token_response
from aks_flow.rehearsal.standins.azure.entra.errors import SignInError
from aks_flow.rehearsal.standins.azure.entra.grants import CODE, GRANTS
from aks_flow.rehearsal.standins.process import hosts

_ANY = ("common", "organizations", "consumers")


class SignIn:
    """Handlers for ``/{tenant}/…``; the tenant is the rehearsal's own or one of Entra's words for any."""

    def __init__(self, cloud: Cloud):
        self._cloud = cloud

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/{tenant}/v2.0/.well-known/openid-configuration", self.discovery),
            web.get("/{tenant}/discovery/v2.0/keys", self.keys),
            web.post("/{tenant}/oauth2/v2.0/token", self.token),
            web.post("/{tenant}/oauth2/v2.0/devicecode", self.device_code),
            web.get("/{tenant}/oauth2/v2.0/authorize", self.authorize),
        ]

    async def discovery(self, request: web.Request) -> web.Response:
        tenant = request.match_info["tenant"]
        if tenant not in (*_ANY, self._cloud.seed.tenant):
            return self._refused(SignInError(90002, tenant=tenant))
        root = f"{self._cloud.url}/{tenant}"
        return web.json_response(
            {
                "issuer": f"{root}/v2.0",
                "authorization_endpoint": f"{root}/oauth2/v2.0/authorize",
                "token_endpoint": f"{root}/oauth2/v2.0/token",
                "device_authorization_endpoint": f"{root}/oauth2/v2.0/devicecode",
                "jwks_uri": f"{root}/discovery/v2.0/keys",
                "response_types_supported": ["code", "id_token"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }
        )

    async def keys(self, request: web.Request) -> web.Response:
        return web.json_response(self._cloud.signer.key_set())

    async def token(self, request: web.Request) -> web.Response:
        form = dict(await request.post())
        grant = GRANTS.get(form.get("grant_type", ""))
        try:
            if request.match_info["tenant"] not in (*_ANY, self._cloud.seed.tenant):
                raise SignInError(90002, tenant=request.match_info["tenant"])
            if not grant:
                raise SignInError(70003, grant=form.get("grant_type", ""))
            return web.json_response(
                token_response.answer(self._cloud, grant(self._cloud, form), form.get("scope", ""))
            )
        except SignInError as error:
            return self._refused(error)

    async def device_code(self, request: web.Request) -> web.Response:
        """A code that is approved from the start: who asks is the rehearsal's own user (listening.py)."""
        code = str(uuid.uuid4())
        self._cloud.store.put(CODE, code, {"person": self._cloud.seed.person})
        page = f"{self._cloud.url}/devicelogin"
        message = f"To sign in, use a web browser to open the page {page} and enter the code REHEARSAL."
        given = {"user_code": "REHEARSAL", "device_code": code, "verification_uri": page, "message": message}
        return web.json_response({**given, "expires_in": 900, "interval": 1})

    async def authorize(self, request: web.Request) -> web.Response:
        """The browser's page, already agreed to: back to the program with a code, on this machine only."""
        target = request.query.get("redirect_uri", "")
        if not _is_loopback(target):
            return self._refused(SignInError(50011, uri=target, client=request.query.get("client_id", "")))
        code = str(uuid.uuid4())
        self._cloud.store.put(CODE, code, {"person": self._cloud.seed.person})
        back = {"code": code, "state": request.query.get("state", "")}
        raise web.HTTPFound(f"{target}?{urlencode(back)}")

    @staticmethod
    def _refused(error: SignInError) -> web.Response:
        return web.json_response(error.body(), status=error.status)


def _is_loopback(target: str) -> bool:
    """True for ``http://localhost:PORT/…``, where a program on this machine listens (RFC 8252, 7.3)."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in hosts.LOOPBACK and not (parts.query or parts.fragment)
