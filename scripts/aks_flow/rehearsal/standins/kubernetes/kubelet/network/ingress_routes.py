"""Which ready pods answer at which host and path: a pure function of Ingresses, Services and EndpointSlices.

Rules: https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.kubelet.network.routes import (
    Address,
    key,
    pods_behind,
    slices_by_service,
)

EXACT = "Exact"
_ANY = "/"


@dataclass(frozen=True)
class IngressRoute:
    """host: "" for any, ``*.example.com`` for those one label longer. backends: ready pods.

    is_default: whether it is taken only where no other fits.
    """

    host: str
    path: str
    path_type: str
    backends: tuple[Address, ...]
    is_default: bool = False

    def serves(self, path: str) -> bool:
        if self.path_type == EXACT:
            return path == self.path
        stem = self.path.rstrip("/")
        return path == stem or path.startswith(f"{stem}/")

    def serves_host(self, host: str) -> bool:
        if self.host.startswith("*."):
            return host.partition(".")[2] == self.host[2:]
        return self.host in ("", host)

    @property
    def weight(self) -> tuple[bool, bool, bool, int]:
        """What goes before what: a whole host, a wildcard, an exact path, the longer path."""
        return not self.is_default, bool(self.host), not self.host.startswith("*"), len(self.path)


def table(
    ingresses: Iterable[dict], services: Iterable[dict], slices: list[dict], withdrawn: set[str]
) -> list[IngressRoute]:
    """All routes; of two for the same place the older Ingress's comes first."""
    by_key = {key(service): service for service in services}
    by_service = slices_by_service(slices)

    def pods(namespace: str, backend: dict) -> tuple[Address, ...]:
        named = backend.get("service") or {}
        service = by_key.get((namespace, named.get("name", "")))
        port = service and _port_name(service, named.get("port") or {})
        if port is None:
            return ()
        return tuple(pods_behind(by_service.get(key(service), []), port, withdrawn))

    oldest_first = sorted(ingresses, key=lambda item: (item["metadata"]["creationTimestamp"], key(item)))
    return [route for item in oldest_first for route in _routes(item, pods)]


def _routes(ingress: dict, pods) -> Iterator[IngressRoute]:
    namespace = ingress["metadata"]["namespace"]
    for rule in ingress["spec"].get("rules") or ():
        for path in (rule.get("http") or {}).get("paths") or ():
            place = rule.get("host", ""), path.get("path") or _ANY, path["pathType"]
            yield IngressRoute(*place, pods(namespace, path["backend"]))
    if default := ingress["spec"].get("defaultBackend"):
        yield IngressRoute("", _ANY, "Prefix", pods(namespace, default), is_default=True)


def _port_name(service: dict, wanted: dict) -> str | None:
    """The name of the Service's port that a backend means by name or number; None if it has no such port."""
    for port in service["spec"].get("ports") or ():
        if (
            wanted.get("name") == port.get("name")
            if wanted.get("name")
            else wanted.get("number") == port["port"]
        ):
            return port.get("name") or ""
    return None


def choose(routes: Iterable[IngressRoute], host: str, path: str) -> IngressRoute | None:
    """The route of a request; None if no Ingress has one. A host that has routes needs no other host's."""
    there = [route for route in routes if route.serves_host(host)]
    hosts = max((route.weight[:3] for route in there if not route.is_default), default=None)
    own = [route for route in there if route.is_default or route.weight[:3] == hosts]
    fitting = [route for route in own if route.serves(path)]
    return max(fitting, key=lambda route: (route.weight, route.path_type == EXACT), default=None)
