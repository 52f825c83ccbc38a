"""Cluster extensions. ``microsoft.argocd`` is the rehearsal's own Argo CD, which is there already."""

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import invalid, no_resource
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType
from aks_flow.rehearsal.standins.azure.resources.clusters import CLUSTERS
from aks_flow.rehearsal.standins.azure.resources.providers import need_registered
from aks_flow.rehearsal.standins.azure.store import Document

_KNOWN = ("microsoft.argocd", "microsoft.flux")


class Extension(ResourceType):
    """A resource on a cluster."""

    type = "Microsoft.KubernetesConfiguration/extensions"
    slow = True
    tracked = False

    def put(self, call: Call) -> Answer:
        need_registered(call)
        if not call.cloud.store.get(RESOURCE, call.path.scope):
            raise no_resource(CLUSTERS, call.path.scope.rpartition("/")[2], call.path.group)
        return super().put(call)

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        settings = super().shape(call, body, old)
        kind = str(settings.get("extensionType", ""))
        if kind.lower() not in _KNOWN:
            message = f"Extension type '{kind}' is not one that the rehearsal's Azure has."
            raise invalid(message, "ExtensionTypeRegistrationGetFailed")
        return settings


RESOURCE_TYPES = (Extension(),)
ACTIONS = {}
