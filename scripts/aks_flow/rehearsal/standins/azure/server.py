"""The stand-in's HTTP application: which paths lead where."""

from aiohttp import ClientSession, web

from aks_flow.rehearsal.standins.azure import metadata
from aks_flow.rehearsal.standins.azure.acr import front as acr
from aks_flow.rehearsal.standins.azure.aks import front as aks
from aks_flow.rehearsal.standins.azure.arm.api import Arm
from aks_flow.rehearsal.standins.azure.blobs import Blobs
from aks_flow.rehearsal.standins.azure.entra.graph import Graph
from aks_flow.rehearsal.standins.azure.entra.managed import ManagedIdentity
from aks_flow.rehearsal.standins.azure.entra.signin import SignIn
from aks_flow.rehearsal.standins.azure.github import GitHub
from aks_flow.rehearsal.standins.azure.keyvault import front as keyvault
from aks_flow.rehearsal.standins.azure.world import World

_LARGEST = 2**30  # bytes of one request: a layer of an image


def application(world: World, session: ClientSession) -> web.Application:
    """session: for what is passed on to the rehearsal's registry and cluster."""
    app = web.Application(client_max_size=_LARGEST)
    fronts = (acr.Front(world, session), aks.Front(world, session), keyvault.Front(world))
    for door in (*fronts, Blobs(world), GitHub(world), Graph(world), ManagedIdentity(world), SignIn(world)):
        app.add_routes(door.routes())
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
