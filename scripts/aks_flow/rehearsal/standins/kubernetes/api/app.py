"""The application: discovery, health, OpenAPI and every resource, behind one bearer token."""

import hashlib

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api import (
    aggregated_discovery,
    auth,
    discovery,
    errors,
    openapi,
    routing,
)
from aks_flow.rehearsal.standins.kubernetes.api.responses import dump, reply
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

_SWAGGER_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf"


class Api:
    """Handlers that answer from the cluster's objects. node: runs the pods, None until it is there."""

    def __init__(self, objects: Objects):
        self.objects = objects
        self.node = None

    def runner(self, token: str) -> web.AppRunner:
        """The application, ready to be set up; a client that goes away ends its watch."""
        return web.AppRunner(
            self.application(token),
            access_log=None,
            logger=errors.server_log(),
            handler_cancellation=True,
            shutdown_timeout=0.1,
        )

    def application(self, token: str) -> web.Application:
        layers = [errors.middleware, auth.middleware(token)]
        app = web.Application(middlewares=layers, client_max_size=errors.LARGEST_BODY)
        for path in ("/healthz", "/livez", "/readyz"):
            app.router.add_get(path, self._health)
        app.router.add_get("/version", self._version)
        app.router.add_get("/.well-known/openid-configuration", self._issuer)
        app.router.add_get("/openid/v1/jwks", self._keys)
        app.router.add_get("/api", self._versions)
        app.router.add_get("/apis", self._groups)
        app.router.add_get("/apis/{group}", self._group)
        app.router.add_get("/api/{version}", self._resources)
        app.router.add_get("/apis/{group}/{version}", self._resources)
        app.router.add_get("/openapi/v2", self._swagger)
        app.router.add_get("/openapi/v3", self._openapi_index)
        app.router.add_get("/openapi/v3/{name:.+}", self._openapi)
        app.router.add_route("*", "/api/{version}/{rest:.+}", self._resource)
        app.router.add_route("*", "/apis/{group}/{version}/{rest:.+}", self._resource)
        return app

    async def _health(self, request: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _version(self, request: web.Request) -> web.Response:
        return reply(discovery.VERSION)

    async def _issuer(self, request: web.Request) -> web.Response:
        keys = f"https://{request.host}/openid/v1/jwks"
        return reply(discovery.ISSUER | {"jwks_uri": keys})

    async def _keys(self, request: web.Request) -> web.Response:
        return reply(discovery.NO_KEYS)

    async def _versions(self, request: web.Request) -> web.Response:
        if aggregated_discovery.is_asked_for(request):
            return aggregated_discovery.answer(kind for kind in self.objects.kinds if not kind.group)
        return reply(discovery.versions(request.host))

    async def _groups(self, request: web.Request) -> web.Response:
        if aggregated_discovery.is_asked_for(request):
            return aggregated_discovery.answer(kind for kind in self.objects.kinds if kind.group)
        return reply(discovery.groups(self.objects.kinds))

    async def _group(self, request: web.Request) -> web.Response:
        return reply(discovery.group(self.objects.kinds, request.match_info["group"]))

    async def _resources(self, request: web.Request) -> web.Response:
        group, version = request.match_info.get("group", ""), request.match_info["version"]
        return reply(discovery.resources(self.objects.kinds, group, version))

    async def _swagger(self, request: web.Request) -> web.Response:
        if "protobuf" in request.headers.get("Accept", ""):
            return web.Response(body=openapi.swagger_protobuf(), content_type=_SWAGGER_PROTOBUF)
        return reply(openapi.swagger())

    async def _openapi_index(self, request: web.Request) -> web.Response:
        return _cached(request, dump(openapi.index(self.objects.kinds)))

    async def _openapi(self, request: web.Request) -> web.Response:
        registry, name = self.objects.kinds, request.match_info["name"]
        response = _cached(request, dump(openapi.document(registry, name)))
        if request.query.get("hash") == openapi.digest(registry, name):
            response.headers["Cache-Control"] = "public, immutable, max-age=31536000"
        return response

    async def _resource(self, request: web.Request) -> web.StreamResponse:
        return await routing.handle(request, self.objects, self.node)


def _cached(request: web.Request, content: bytes) -> web.Response:
    """The content under an ETag, or 304 if the client has it."""
    tag = f'"{hashlib.sha256(content).hexdigest().upper()}"'
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers={"ETag": tag})
    return web.Response(body=content, content_type="application/json", headers={"ETag": tag})
