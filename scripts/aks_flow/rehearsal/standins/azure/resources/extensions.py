"""Cluster extensions. ``microsoft.argocd`` is the rehearsal's own Argo CD, which is there already."""

from aks_flow.rehearsal.standins.azure.arm import operations
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import invalid, no_resource
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType
from aks_flow.rehearsal.standins.azure.resources.clusters import CLUSTERS
from aks_flow.rehearsal.standins.azure.resources.providers import need_registered
from aks_flow.rehearsal.standins.azure.store import Document

_ARGOCD = "microsoft.argocd"
_KNOWN = (_ARGOCD, "microsoft.flux")
_REPLICATED = 4  # nodes that the highly available form needs
_LACKS = (
    "The extension operation failed with the following error: Helm installation failed: timed out "
    "waiting for the condition: StatefulSet argocd-redis-ha-server: 3 replicas wanted, nodes do not suffice."
)
# The first words of its chart's values. 1.0.0-preview has dropped what was before them.
_SETTINGS = (
    *("redis-ha", "configs", "global", "crds", "server", "controller", "repoServer", "applicationSet"),
    *("notifications", "dex", "azure", "workloadIdentity"),
)


class Extension(ResourceType):
    """A resource on a cluster."""

    type = "Microsoft.KubernetesConfiguration/extensions"
    slow = True
    tracked = False
    begins = "Pending"

    def put(self, call: Call) -> Answer:
        need_registered(call)
        if not call.cloud.store.get(RESOURCE, call.path.scope):
            raise no_resource(CLUSTERS, call.path.scope.rpartition("/")[2], call.path.group)
        answer = super().put(call)
        if _lacks_nodes(call):
            operations.doom(call.cloud, call.path.id, {"code": "ExtensionOperationFailed", "message": _LACKS})
        return answer

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        settings = super().shape(call, body, old)
        kind = str(settings.get("extensionType", ""))
        if kind.lower() not in _KNOWN:
            message = f"Extension type '{kind}' is not one that the rehearsal's Azure has."
            raise invalid(message, "ExtensionTypeRegistrationGetFailed")
        if kind.lower() == _ARGOCD:
            _check(settings.get("configurationSettings") or {})
        return settings


def _check(settings: Document) -> None:
    """ArmError 400 for a setting that the extension does not have, or no longer."""
    unknown = [name for name in settings if name.partition(".")[0] not in _SETTINGS]
    if unknown:
        message = f"The extension does not know the configuration settings {', '.join(sorted(unknown))}."
        raise invalid(message, "InvalidConfigurationSettings")


def _lacks_nodes(call: Call) -> bool:
    """Whether Argo CD is to be highly available, as it is unless told otherwise, and has no room for it."""
    extension = call.resource or {"properties": {}}
    settings = extension["properties"].get("configurationSettings") or {}
    replicated = settings.get("redis-ha.enabled", "true") == "true"
    is_argocd = str(extension["properties"].get("extensionType", "")).lower() == _ARGOCD
    return is_argocd and replicated and _most_nodes(call) < _REPLICATED


def _most_nodes(call: Call) -> int:
    pools = call.cloud.store.get(RESOURCE, call.path.scope)["properties"]["agentPoolProfiles"]
    return sum(pool.get("maxCount") or pool["count"] for pool in pools)


RESOURCE_TYPES = (Extension(),)
ACTIONS = {}
