"""Which objects of a kind a list or watch is about."""

from collections.abc import Mapping
from dataclasses import dataclass

from scripts.rehearsal.cluster import kinds
from scripts.rehearsal.cluster.http import parameters
from scripts.rehearsal.cluster.http.target import Target
from scripts.rehearsal.cluster.selectors import Fields, Selector
from scripts.rehearsal.cluster.status import bad_request

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
    def of(cls, query: Mapping[str, str], target: Target) -> "Selection":
        """StatusError 400 if a selector is malformed or names a field that the kind does not offer."""
        fields = parameters.fields(query)
        known = (*_EVERYWHERE, *_SUPPORTED.get(target.kind, ()))
        for path, _, _ in fields.terms:
            if path not in known:
                raise bad_request(_unsupported(query, target, path))
        where = Fields(tuple((_PLACES.get(path, path), *rest) for path, *rest in fields.terms))
        return cls(target.namespace, parameters.labels(query), where)

    def matches(self, item: dict | None) -> bool:
        if item is None:
            return False
        metadata = item["metadata"]
        here = self.namespace is None or metadata.get("namespace", "") == self.namespace
        return here and self.labels.matches(metadata.get("labels")) and self.fields.matches(item)


def _unsupported(query: Mapping[str, str], target: Target, path: str) -> str:
    kind = target.kind
    return (
        f'Unable to find "{kind.api_version}, Resource={kind.plural}" that match label selector '
        f'"{query.get("labelSelector", "")}", field selector "{query["fieldSelector"]}": '
        f"field label not supported: {path}"
    )
