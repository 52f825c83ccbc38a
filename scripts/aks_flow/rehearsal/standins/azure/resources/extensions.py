"""Cluster extensions. ``microsoft.argocd`` is the rehearsal's own Argo CD, which is there already."""

from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import invalid, no_resource
from aks_flow.rehearsal.standins.azure.arm.kind import Kind
from aks_flow.rehearsal.standins.azure.resources.clusters import CLUSTERS
from aks_flow.rehearsal.standins.azure.resources.providers import need_registered
from aks_flow.rehearsal.standins.azure.store import Document

_KNOWN = ("microsoft.argocd", "microsoft.flux")


class Extension(Kind):
    """A resource on a cluster."""

    type = "Microsoft.KubernetesConfiguration/extensions"
    slow = True
    tracked = False

    def put(self, call: Call) -> Answer:
        need_registered(call)
        if not call.world.store.get(RESOURCE, call.place.scope):
            raise no_resource(CLUSTERS, call.place.scope.rpartition("/")[2], call.place.group)
        return super().put(call)

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        settings = super().shape(call, body, old)
        kind = str(settings.get("extensionType", ""))
        if kind.lower() not in _KNOWN:
            message = f"Extension type '{kind}' is not one that the rehearsal's Azure has."
            raise invalid(message, "ExtensionTypeRegistrationGetFailed")
        return settings


KINDS = (Extension(),)
ACTIONS = {}
