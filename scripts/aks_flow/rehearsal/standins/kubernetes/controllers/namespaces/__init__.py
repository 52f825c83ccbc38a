"""Namespaces that are being deleted: their content goes first."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.controllers import conditions, owners
from aks_flow.rehearsal.standins.kubernetes.controllers.namespaces.progress import Remaining, report
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.kinds.versions import hub
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange

_FINALIZER = "kubernetes"


class NamespaceController:
    name = "namespace-controller"

    def __init__(self, objects: Objects, clock: times.Clock = times.now):
        self._objects, self._clock = objects, clock

    def watches(self):
        return {None: self._keys}

    def _keys(self, change: ObjectChange) -> Iterable[str]:
        """The namespace of a change: one that is being deleted, or that an object was deleted from."""
        if change.kind == kinds.NAMESPACE and owners.is_deleted(change.object):
            yield change.object["metadata"]["name"]
        elif change.type == "DELETED" and change.kind.namespaced:
            yield change.object["metadata"]["namespace"]

    def reconcile(self, name: str) -> None:
        namespace = self._objects.find(kinds.NAMESPACE, "", name)
        if namespace is None or not owners.is_deleted(namespace):
            return
        for kind, item in self._content(name):
            if not owners.is_deleted(item):
                self._objects.delete(kind, name, item["metadata"]["name"])
        remaining = [Remaining(kind, item) for kind, item in self._content(name)]
        self._report(namespace, remaining)
        if not remaining:
            self._finalize(name)

    def _content(self, namespace: str) -> list[tuple[Kind, dict]]:
        served = {kind.resource: kind for kind in map(hub, self._objects.kinds) if kind.namespaced}
        return [(kind, item) for kind in served.values() for item in self._objects.list(kind, namespace)]

    def _report(self, namespace: dict, remaining: list[Remaining]) -> None:
        status = namespace.setdefault("status", {})
        for condition in report(remaining):
            status["conditions"] = conditions.put(status.get("conditions") or [], condition, self._clock())
        self._objects.update(kinds.NAMESPACE, namespace, subresource="status")

    def _finalize(self, name: str) -> None:
        namespace = self._objects.get(kinds.NAMESPACE, "", name)
        finalizers = namespace["spec"].get("finalizers") or []
        namespace["spec"]["finalizers"] = [finalizer for finalizer in finalizers if finalizer != _FINALIZER]
        self._objects.update(kinds.NAMESPACE, namespace, subresource="finalize")
