"""``/metadata/endpoints``: what `az cloud register` learns from the resource manager's address."""

from aks_flow.rehearsal.standins.azure.resources import vaults
from aks_flow.rehearsal.standins.azure.world import World


def endpoints(world: World) -> dict:
    """Every address of this cloud is the stand-in's own; audiences are Azure's."""
    return {
        "name": "Rehearsal",
        "portal": f"{world.url}/portal",
        "authentication": {
            "loginEndpoint": world.url,
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "resourceManager": world.url,
        "graphAudience": f"{world.url}/graph",
        "graph": f"{world.url}/graph",
        "microsoftGraphResourceId": world.url,
        "gallery": world.url,
        "suffixes": {
            "acrLoginServer": world.host,
            "keyVaultDns": vaults.suffix(world),
            "storage": f"storage.localhost:{world.port}",
        },
    }
