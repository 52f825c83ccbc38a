"""A vault's secrets over HTTP: written, read and listed by callers that have the role.

https://learn.microsoft.com/rest/api/keyvault/secrets
"""

import json
import logging
import uuid

from aiohttp import web

from aks_flow.rehearsal.standins.azure.arm import access
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.caller import caller
from aks_flow.rehearsal.standins.azure.resources import vaults
from aks_flow.rehearsal.standins.azure.resources.vaults import SECRET, VAULTS
from aks_flow.rehearsal.standins.azure.store import Document

log = logging.getLogger(__name__)
_REALM = "https://vault.azure.net"
_PUT, _GET, _LIST = (f"{VAULTS}/secrets/{word}/action" for word in ("setSecret", "getSecret", "readMetadata"))


class VaultSecrets:
    """aiohttp handlers; which vault is meant is in the Host header."""

    def __init__(self, cloud: Cloud):
        self._cloud = cloud

    def routes(self) -> list[web.RouteDef]:
        return [
            web.put("/secrets/{name}", self.handle),
            web.get("/secrets/{name}", self.handle),
            web.get("/secrets/{name}/{version:[^/]*}", self.handle),
            web.get("/secrets", self.handle),
        ]

    async def handle(self, request: web.Request) -> web.Response:
        answer = await self._answer(request)
        log.info("%s %s at %s %d", request.method, request.path, request.host, answer.status)
        return answer

    async def _answer(self, request: web.Request) -> web.Response:
        vault = vaults.named(self._cloud, request.host.partition(".")[0])
        if not vault or not request.host.endswith(f".{vaults.suffix(self._cloud)}"):
            return _refusal(404, "VaultNotFound", f"There is no vault at {request.host}.")
        name = request.match_info.get("name", "")
        action = _PUT if request.method == "PUT" else _GET if name else _LIST
        try:
            audiences = (_REALM, f"https://{vaults.suffix(self._cloud)}")
            who = caller(self._cloud, request.headers.get("Authorization", ""), audiences)
        except ArmError as error:
            return self._challenge(error.message)
        scope = f"{vault['id']}/secrets/{name}" if name else vault["id"]
        if not access.permits(self._cloud, who.object_id, scope, action, data=True):
            return _forbidden(who.object_id, action, scope)
        if request.method == "PUT":
            return web.json_response(self._put(vault, name, json.loads(await request.read())))
        return self._get(vault, name) if name else web.json_response(self._list(vault))

    def _put(self, vault: Document, name: str, body: Document) -> Document:
        """A new version: the one that is read from now on."""
        now = int(self._cloud.now())
        where = f"{vault['properties']['vaultUri']}secrets/{name}/{uuid.uuid4().hex}"
        about = {"enabled": True, "created": now, "updated": now, "recoveryLevel": "Recoverable+Purgeable"}
        secret = {"value": body["value"], "id": where, "attributes": about, "tags": body.get("tags") or {}}
        return self._cloud.store.put(SECRET, f"{vault['id']}/{name}", secret)

    def _get(self, vault: Document, name: str) -> web.Response:
        secret = self._cloud.store.get(SECRET, f"{vault['id']}/{name}")
        if not secret:
            message = f"A secret with (name/id) {name} was not found in this key vault."
            return _refusal(404, "SecretNotFound", message)
        return web.json_response(secret)

    def _list(self, vault: Document) -> Document:
        secrets = self._cloud.store.all(SECRET, f"{vault['id']}/")
        shown = [
            {key: secret[key] for key in ("attributes", "tags")} | {"id": _whole(secret)}
            for secret in secrets
        ]
        return {"value": shown, "nextLink": None}

    def _challenge(self, why: str) -> web.Response:
        realm = f'authorization="{self._cloud.url}/{self._cloud.seed.tenant}"'
        challenge = f'Bearer {realm}, resource="https://{vaults.suffix(self._cloud)}"'
        return _refusal(401, "Unauthorized", why, headers={"WWW-Authenticate": challenge})


def _whole(secret: Document) -> str:
    """Its id without the version."""
    return secret["id"].rpartition("/")[0]


def _forbidden(who: str, action: str, scope: str) -> web.Response:
    message = (
        "Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or "
        f"role definitions were changed recently, please observe propagation time.\r\nCaller: oid={who}\r\n"
        f"Action: '{action}'\r\nResource: '{scope}'\r\n"
        "Assignment: (not found)\r\nDecisionReason: DeniedWithNoValidRBAC"
    )
    return _refusal(403, "Forbidden", message, "ForbiddenByRbac")


def _refusal(status: int, code: str, message: str, inner: str = "", headers=None) -> web.Response:
    error = {"code": code, "message": message} | ({"innererror": {"code": inner}} if inner else {})
    return web.json_response({"error": error}, status=status, headers=headers)
