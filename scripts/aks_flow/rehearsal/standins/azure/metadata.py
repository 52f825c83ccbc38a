"""``/metadata/endpoints``: what `az cloud register` learns from the resource manager's address."""

from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources import vaults


def endpoints(cloud: Cloud) -> dict:
    """Every address of this cloud is the stand-in's own; audiences are Azure's."""
    return {
        "name": "Rehearsal",
        "portal": f"{cloud.url}/portal",
        "authentication": {
            "loginEndpoint": cloud.url,
            "audiences": ["https://management.core.windows.net/", "https://management.azure.com/"],
            "tenant": "common",
            "identityProvider": "AAD",
        },
        "resourceManager": cloud.url,
        "graphAudience": f"{cloud.url}/graph",
        "graph": f"{cloud.url}/graph",
        "microsoftGraphResourceId": cloud.url,
        "gallery": cloud.url,
        "suffixes": {
            "acrLoginServer": cloud.host,
            "keyVaultDns": vaults.suffix(cloud),
            "storage": f"storage.localhost:{cloud.port}",
        },
    }
