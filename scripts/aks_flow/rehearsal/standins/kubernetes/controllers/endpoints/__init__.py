"""Services to EndpointSlices and to the legacy Endpoints."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Selector
from aks_flow.rehearsal.standins.kubernetes.controllers import owners
from aks_flow.rehearsal.standins.kubernetes.controllers.endpoints.decide import (
    Groups,
    groups,
    selects,
    slice_ports,
    subsets,
)
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange

_SERVICE_NAME = "kubernetes.io/service-name"
_MANAGED_BY = "endpointslice.kubernetes.io/managed-by"
_MANAGER = "endpointslice-controller.k8s.io"
_LEGACY_MANAGED_BY = "endpoints.kubernetes.io/managed-by"
_LEGACY_MANAGER = "endpoint-controller"
_HEADLESS = "service.kubernetes.io/headless"
_TRIGGERED = "endpoints.kubernetes.io/last-change-trigger-time"


class EndpointController:
    name = "endpointslice-controller"

    def __init__(self, objects: Objects, clock: times.Clock = times.now):
        self._objects, self._clock = objects, clock

    def watches(self):
        return {
            kinds.SERVICE: lambda change: [owners.key(change.object)],
            kinds.POD: self._services_of_namespace,
            kinds.ENDPOINT_SLICE: lambda change: owners.keys_of_owner(kinds.SERVICE, change.object),
            kinds.ENDPOINTS: lambda change: [owners.key(change.object)],
        }

    def _services_of_namespace(self, change: ObjectChange) -> Iterable[tuple[str, str]]:
        """All of them: a pod whose labels changed may leave one Service and join another."""
        namespace = change.object["metadata"]["namespace"]
        return [
            owners.key(service)
            for service in self._objects.list(kinds.SERVICE, namespace)
            if selects(service)
        ]

    def reconcile(self, key: tuple[str, str]) -> None:
        service = self._objects.find(kinds.SERVICE, *key)
        if service is None or not selects(service) or owners.is_deleted(service):
            self._delete_own_endpoints(key)
            return
        selector = Selector.of(service["spec"]["selector"])
        endpoints_by_ports = groups(service, self._objects.list(kinds.POD, key[0], labels=selector))
        self._write_slices(service, endpoints_by_ports)
        self._write_endpoints(service, subsets(endpoints_by_ports))

    def _slices(self, key: tuple[str, str]) -> list[dict]:
        owned = {_SERVICE_NAME: key[1], _MANAGED_BY: _MANAGER}
        slices = self._objects.list(kinds.ENDPOINT_SLICE, key[0], labels=owned)
        return [endpoint_slice for endpoint_slice in slices if not owners.is_deleted(endpoint_slice)]

    def _write_slices(self, service: dict, endpoints_by_ports: Groups) -> None:
        """One slice for each group of ports, in place where there was one; at least an empty one."""
        existing = self._slices(owners.key(service))
        for group, endpoints in (endpoints_by_ports or {(): []}).items():
            content = {"ports": slice_ports(group), "endpoints": endpoints}
            reused = _take(existing, content["ports"])
            if reused is None:
                self._create_slice(service, content)
            else:
                self._update_slice(service, reused, content)
        for surplus in existing:
            self._objects.delete(kinds.ENDPOINT_SLICE, *owners.key(surplus))

    def _create_slice(self, service: dict, content: dict) -> None:
        namespace, name = owners.key(service)
        metadata = {
            "generateName": f"{name}-",
            "namespace": namespace,
            "labels": _slice_labels(service),
            "annotations": {_TRIGGERED: times.stamp(self._clock())},
            "ownerReferences": [owners.reference(kinds.SERVICE, service)],
        }
        self._objects.create(kinds.ENDPOINT_SLICE, {"metadata": metadata, "addressType": "IPv4"} | content)

    def _update_slice(self, service: dict, before: dict, content: dict) -> None:
        labels = _slice_labels(service)
        same = all(before.get(key, []) == value for key, value in content.items())
        if same and before["metadata"].get("labels") == labels:
            return
        before["metadata"]["labels"] = labels
        before["metadata"].setdefault("annotations", {})[_TRIGGERED] = times.stamp(self._clock())
        self._objects.update(kinds.ENDPOINT_SLICE, before | content)

    def _write_endpoints(self, service: dict, parts: list[dict]) -> None:
        namespace, name = owners.key(service)
        labels = _labels(service) | {_LEGACY_MANAGED_BY: _LEGACY_MANAGER}
        content = {"subsets": parts} if parts else {}
        before = self._objects.find(kinds.ENDPOINTS, namespace, name)
        annotations = {_TRIGGERED: times.stamp(self._clock())}
        metadata = {"namespace": namespace, "name": name, "labels": labels, "annotations": annotations}
        if before is None:
            self._objects.create(kinds.ENDPOINTS, {"metadata": metadata} | content)
        elif before.get("subsets", []) != parts or before["metadata"].get("labels") != labels:
            self._objects.update(kinds.ENDPOINTS, {"metadata": metadata} | content)

    def _delete_own_endpoints(self, key: tuple[str, str]) -> None:
        for endpoint_slice in self._slices(key):
            self._objects.delete(kinds.ENDPOINT_SLICE, *owners.key(endpoint_slice))
        legacy = self._objects.find(kinds.ENDPOINTS, *key)
        if legacy and (legacy["metadata"].get("labels") or {}).get(_LEGACY_MANAGED_BY) == _LEGACY_MANAGER:
            self._objects.delete(kinds.ENDPOINTS, *key)


def _take(existing: list[dict], ports: list[dict]) -> dict | None:
    same = [endpoint_slice for endpoint_slice in existing if endpoint_slice.get("ports", []) == ports]
    chosen = next(iter(same or existing), None)
    if chosen:
        existing.remove(chosen)
    return chosen


def _labels(service: dict) -> dict[str, str]:
    headless = {_HEADLESS: ""} if service["spec"].get("clusterIP") == "None" else {}
    return (service["metadata"].get("labels") or {}) | headless


def _slice_labels(service: dict) -> dict[str, str]:
    return _labels(service) | {_SERVICE_NAME: service["metadata"]["name"], _MANAGED_BY: _MANAGER}
