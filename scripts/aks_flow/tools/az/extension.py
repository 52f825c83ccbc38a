"""az: Argo CD as an extension of the AKS cluster, through the core CLI: it needs no extension of az's own.

https://learn.microsoft.com/azure/azure-arc/kubernetes/tutorial-use-gitops-argocd
"""

import json

from aks_flow.core.command import Command, flags
from aks_flow.tools.az import FOUND_OR_NOT, Az, every

VERSION = "2024-11-01"  # of the API Microsoft.KubernetesConfiguration/extensions
_PATH = "providers/Microsoft.KubernetesConfiguration/extensions/argocd"


def show(az: Az, cluster: str) -> Command:
    """cluster: its resource id."""
    return az.command("resource", "show", *_id(cluster), reads=True, ok=FOUND_OR_NOT)


def create(az: Az, cluster: str, namespace: str) -> Command:
    """Begin to install it into a namespace. `az resource create` would insist on a location: it has none."""
    extension = {
        "extensionType": "microsoft.argocd",
        "autoUpgradeMinorVersion": True,
        "releaseTrain": "preview",
        "scope": {"cluster": {"releaseNamespace": namespace}},
        "configurationSettings": {"deployWithHighAvailability": "false", "namespaceInstall": "false"},
    }
    whole = json.dumps({"properties": extension}, separators=(",", ":"))
    url = f"{cluster}/{_PATH}?api-version={VERSION}"
    return az.command("rest", *flags(method="put", url=url, body=whole))


def wait(az: Az, cluster: str, seconds: int) -> Command:
    return az.command("resource", "wait", *_id(cluster), *flags(created=True), *every(seconds), reads=True)


def _id(cluster: str) -> tuple[str, ...]:
    return flags(ids=f"{cluster}/{_PATH}", api_version=VERSION)
