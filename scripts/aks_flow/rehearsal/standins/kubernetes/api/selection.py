"""Which objects of a kind a list or watch is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.api import parameters
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Fields, Selector
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.kinds.versions import hub

_EVERYWHERE = ("metadata.name", "metadata.namespace")
_INVOLVED = ("apiVersion", "fieldPath", "kind", "name", "namespace", "resourceVersion", "uid")
# What a standard server can select by: https://kubernetes.io/docs/concepts/overview/working-with-objects/field-selectors/
_SUPPORTED = {
    kinds.POD: (
        "spec.nodeName",
        "spec.restartPolicy",
        "spec.schedulerName",
        "spec.serviceAccountName",
        "spec.hostNetwork",
        "status.phase",
        "status.podIP",
        "status.nominatedNodeName",
    ),
    kinds.EVENT: (
        *(f"involvedObject.{field}" for field in _INVOLVED),
        "reason",
        "reportingComponent",
        "source",
        "type",
    ),
    kinds.NAMESPACE: ("status.phase",),
    kinds.NODE: ("spec.unschedulable",),
    kinds.SECRET: ("type",),
    kinds.REPLICA_SET: ("status.replicas",),
    kinds.REPLICATION_CONTROLLER: ("status.replicas",),
    kinds.JOB: ("status.successful",),
    kinds.SERVICE: ("spec.clusterIP", "spec.type"),
}

# Selectable under a name that is not their place.
_PLACES = {"source": "source.component"}


@dataclass(frozen=True)
class Selection:
    """namespace: None for all."""

    namespace: str | None
    labels: Selector
    fields: Fields

    @classmethod
    def of(cls, query: Mapping[str, str], target: RequestTarget) -> "Selection":
        """StatusError 400 if a selector is malformed or names a field that the kind does not offer."""
        fields = parameters.fields(query)
        more = _SUPPORTED.get(hub(target.kind), target.kind.selectable)
        for path, _, _ in fields.terms:
            if path not in (*_EVERYWHERE, *more):
                raise bad_request(_unsupported(target.kind, path))
        where = Fields(tuple((_PLACES.get(path, path), *rest) for path, *rest in fields.terms))
        return cls(target.namespace, parameters.labels(query), where)

    @property
    def narrows(self) -> bool:
        return bool(self.labels.requirements or self.fields.terms)

    def matches(self, item: dict | None) -> bool:
        if item is None:
            return False
        metadata = item["metadata"]
        here = self.namespace is None or metadata.get("namespace", "") == self.namespace
        return here and self.labels.matches(metadata.get("labels")) and self.fields.matches(item)


def _unsupported(kind: Kind, path: str) -> str:
    """What a server says depends on whether a kind has fields of its own to select by."""
    if kind.is_custom or hub(kind) in _SUPPORTED:
        return f"field label not supported: {path}"
    known = ", ".join(f'"{field}"' for field in _EVERYWHERE)
    return f'"{path}" is not a known field selector: only {known}'
