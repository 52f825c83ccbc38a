"""The stand-in's HTTP application: which paths lead where."""

from aiohttp import ClientSession, web

from aks_flow.rehearsal.standins.azure import metadata
from aks_flow.rehearsal.standins.azure.acr.registry_proxy import RegistryProxy
from aks_flow.rehearsal.standins.azure.aks.api_server_proxy import ApiServerProxy
from aks_flow.rehearsal.standins.azure.aks.service_accounts import ServiceAccountTokens
from aks_flow.rehearsal.standins.azure.arm.api import Arm
from aks_flow.rehearsal.standins.azure.blobs import Blobs
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.entra.graph import Graph
from aks_flow.rehearsal.standins.azure.entra.signin import SignIn
from aks_flow.rehearsal.standins.azure.github_tokens import GitHubTokens
from aks_flow.rehearsal.standins.azure.keyvault.vault_secrets import VaultSecrets
from aks_flow.rehearsal.standins.azure.resources import vaults
from aks_flow.rehearsal.standins.process import hosts

_LARGEST = 2**30  # bytes of one request: a layer of an image


def application(cloud: Cloud, session: ClientSession) -> web.Application:
    """session: for what is passed on to the rehearsal's registry and cluster."""
    layers = [hosts.middleware(vaults.suffix(cloud))]
    app = web.Application(client_max_size=_LARGEST, middlewares=layers)
    for handlers in (
        RegistryProxy(cloud, session),
        ApiServerProxy(cloud, session),
        ServiceAccountTokens(cloud),
        VaultSecrets(cloud),
        Blobs(cloud),
        GitHubTokens(cloud),
        Graph(cloud),
        SignIn(cloud),
    ):
        app.add_routes(handlers.routes())
    app.add_routes([web.get("/metadata/endpoints", _metadata(cloud)), web.get("/healthz", _healthy)])
    arm = Arm(cloud)
    for path in ("/subscriptions", "/tenants", "/providers"):
        app.router.add_route("*", path + "{tail:(/.*)?}", arm.handle)
    return app


def _metadata(cloud: Cloud):
    async def handle(request: web.Request) -> web.Response:
        return web.json_response(metadata.endpoints(cloud))

    return handle


async def _healthy(request: web.Request) -> web.Response:
    return web.Response(text="ok")
