"""The stand-in's HTTP application: which paths lead where."""

from aiohttp import web

from scripts.rehearsal.azure import metadata
from scripts.rehearsal.azure.arm.api import Arm
from scripts.rehearsal.azure.entra.signin import SignIn
from scripts.rehearsal.azure.world import World

_LARGEST = 2**30  # bytes of one request: a layer of an image


def application(world: World) -> web.Application:
    app = web.Application(client_max_size=_LARGEST)
    app.add_routes(SignIn(world).routes())
    app.add_routes([web.get("/metadata/endpoints", _metadata(world)), web.get("/healthz", _healthy)])
    arm = Arm(world)
    for path in ("/subscriptions", "/tenants", "/providers"):
        app.router.add_route("*", path + "{tail:(/.*)?}", arm.handle)
    return app


def _metadata(world: World):
    async def handle(request: web.Request) -> web.Response:
        return web.json_response(metadata.endpoints(world))

    return handle


async def _healthy(request: web.Request) -> web.Response:
    return web.Response(text="ok")
