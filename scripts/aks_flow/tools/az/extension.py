"""az: Argo CD as an extension of the AKS cluster, through the core CLI: it needs no extension of az's own.

https://learn.microsoft.com/azure/azure-arc/kubernetes/quickstart-deploy-gitops-argo-cd
"""

import json

from aks_flow.core.command import Command, flags
from aks_flow.tools.az import FOUND_OR_NOT, Az, every

VERSION = "2024-11-01"  # of the API Microsoft.KubernetesConfiguration/extensions
REPLICATED = 4  # nodes that its highly available form needs
_PATH = "providers/Microsoft.KubernetesConfiguration/extensions/argocd"


def show(az: Az, cluster: str) -> Command:
    """cluster: its resource id."""
    return az.command("resource", "show", *_id(cluster), reads=True, ok=FOUND_OR_NOT)


def create(az: Az, cluster: str, namespace: str, nodes: int) -> Command:
    """Begin to install it into a namespace. `az resource create` would insist on a location: it has none.

    nodes: how many the cluster always has. High availability is the extension's own default, and needs four.
    """
    extension = {
        "extensionType": "microsoft.argocd",
        "autoUpgradeMinorVersion": True,
        "scope": {"cluster": {"releaseNamespace": namespace}},
        "configurationSettings": {
            "redis-ha.enabled": "true" if nodes >= REPLICATED else "false",
            r"configs.params.application\.namespaces": namespace,
        },
    }
    whole = json.dumps({"properties": extension}, separators=(",", ":"))
    url = f"{cluster}/{_PATH}?api-version={VERSION}"
    return az.command("rest", *flags(method="put", url=url, body=whole))


def wait(az: Az, cluster: str, seconds: int) -> Command:
    return az.command("resource", "wait", *_id(cluster), *flags(created=True), *every(seconds), reads=True)


def _id(cluster: str) -> tuple[str, ...]:
    return flags(ids=f"{cluster}/{_PATH}", api_version=VERSION)
