"""The registry's endpoints: `/oauth2/exchange` and `/oauth2/token`; permitted `/v2/` requests are passed on.

A registry's images are kept apart in the rehearsal's registry, below a folder of its own.
"""

import base64
import binascii
import re

from aiohttp import ClientSession, web

from aks_flow.rehearsal.standins.azure.acr import tokens
from aks_flow.rehearsal.standins.azure.acr.tokens import Denied
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources.registries import store_of, the_registry

_REPOSITORY = re.compile(r"/v2/(.+?)/(?:manifests|blobs|tags|referrers)/")
_PASSED_ON = ("Accept", "Content-Type", "Content-Length", "Content-Range", "Range", "If-None-Match")
_LEFT_OUT = ("transfer-encoding", "connection", "content-encoding")


class RegistryProxy:
    """aiohttp handlers. The engine asks over TLS or plain HTTP; addresses in answers have the same scheme."""

    def __init__(self, cloud: Cloud, session: ClientSession):
        self._cloud, self._session = cloud, session

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/oauth2/exchange", self.exchange),
            web.get("/oauth2/token", self.token),
            web.post("/oauth2/token", self.token),
            web.route("*", "/v2/{path:.*}", self.pass_on),
        ]

    async def exchange(self, request: web.Request) -> web.Response:
        if refusal := self._closed():
            return refusal
        form = await request.post()
        try:
            token = tokens.refresh_token(self._cloud, str(form.get("access_token", "")))
        except Denied as error:
            return _refusal(401, "UNAUTHORIZED", f"authentication required: {error}")
        return web.json_response({"refresh_token": token})

    async def token(self, request: web.Request) -> web.Response:
        if refusal := self._closed():
            return refusal
        form = await request.post()
        scopes = [*request.query.getall("scope", []), *form.getall("scope", [])]
        try:
            who = tokens.principal(self._cloud, *_credentials(request, form))
        except Denied as error:
            return _refusal(401, "UNAUTHORIZED", f"authentication required: {error}")
        requested = [word for scope in scopes for word in str(scope).split()]
        token = tokens.access_token(self._cloud, who, requested)
        return web.json_response({"access_token": token, "token": token})

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        if refusal := self._closed():
            return refusal
        match = _REPOSITORY.match(request.path)
        repository = match[1] if match else ""
        action = "pull" if request.method in ("GET", "HEAD") else "push"
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not tokens.allows(self._cloud, token, repository, action):
            return self._challenge(request, repository, action)
        return await self._pass_on(request, repository)

    def _challenge(self, request: web.Request, repository: str, action: str) -> web.Response:
        scheme = "https" if request.secure else "http"
        actions = "pull" if action == "pull" else "pull,push"
        scope = f',scope="repository:{repository}:{actions}"' if repository else ""
        realm = f'Bearer realm="{scheme}://{request.host}/oauth2/token",service="{self._cloud.host}"{scope}'
        return _refusal(401, "UNAUTHORIZED", "authentication required", {"WWW-Authenticate": realm})

    def _closed(self) -> web.Response | None:
        """The refusal of a registry that is not there, or whose firewall says no."""
        if not the_registry(self._cloud):
            return _refusal(404, "NAME_UNKNOWN", "there is no registry here: azure.up makes it")
        if self._cloud.faults.strike("acr firewall") is not None:
            text = "client with IP '127.0.0.1' is not allowed access. Refer https://aka.ms/acr/firewall"
            return _refusal(403, "DENIED", f"{text} to grant access.")
        return None

    async def _pass_on(self, request: web.Request, repository: str) -> web.StreamResponse:
        inside = f"{store_of(the_registry(self._cloud))}/"
        path = request.path.replace("/v2/", f"/v2/{inside}", 1) if repository else request.path
        query = [(key, inside + value if key == "from" else value) for key, value in request.query.items()]
        headers = {key: request.headers[key] for key in _PASSED_ON if key in request.headers}
        url = f"http://{self._cloud.backends.registry}{path}"
        body = request.content if request.body_exists else None
        async with self._session.request(
            request.method, url, params=query, headers=headers, data=body, allow_redirects=False
        ) as answer:
            return await self._answer(request, answer, inside)

    async def _answer(self, request: web.Request, answer, inside: str) -> web.StreamResponse:
        headers = {key: value for key, value in answer.headers.items() if key.lower() not in _LEFT_OUT}
        for name in ("Location", "Link"):
            if name in headers:
                outside = headers[name].replace(f"/v2/{inside}", "/v2/", 1)
                headers[name] = re.sub(r"https?://[^/]+", "", outside)
        passed = web.StreamResponse(status=answer.status, headers=headers)
        await passed.prepare(request)
        if request.method != "HEAD":
            async for chunk in answer.content.iter_chunked(2**16):
                await passed.write(chunk)
        await passed.write_eof()
        return passed


def _credentials(request: web.Request, form) -> tuple[str, str]:
    """User and password, from the header or the form; a refresh token counts as one."""
    if form.get("grant_type") in ("refresh_token", "password"):
        return str(form.get("username", "")), str(form.get("refresh_token") or form.get("password") or "")
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        raise Denied("no user name and password were given")
    try:
        user, _, password = base64.b64decode(encoded).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Denied("the credentials cannot be read") from error
    return user, password


def _refusal(status: int, code: str, message: str, headers=None) -> web.Response:
    """The distribution specification's error document."""
    body = {"errors": [{"code": code, "message": message}]}
    extra = {"Docker-Distribution-Api-Version": "registry/2.0", **(headers or {})}
    return web.json_response(body, status=status, headers=extra)
