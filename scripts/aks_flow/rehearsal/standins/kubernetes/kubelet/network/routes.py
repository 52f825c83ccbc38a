"""Which ready pods stand behind which address: a pure function of Services and EndpointSlices."""

from collections.abc import Iterator
from dataclasses import dataclass, field

Address = tuple[str, int]
Table = dict[Address, list[Address]]

LOOPBACK = "127.0.0.1"
SERVICE_NAME = "kubernetes.io/service-name"


@dataclass
class HostPorts:
    """What the host serves. owners: frontend -> (namespace, name) of its Service.
    refused: (namespace, name, port) of load balancer ports that another Service has already."""

    table: Table = field(default_factory=dict)
    owners: dict[Address, tuple[str, str]] = field(default_factory=dict)
    refused: set[tuple[str, str, int]] = field(default_factory=set)


def cluster_table(services: list[dict], slices: list[dict], withdrawn: set[str]) -> Table:
    """clusterIP and port -> pods; ports without a ready pod are left out, so that they refuse."""
    table: Table = {}
    for service, port, backends in _ports(services, slices, withdrawn):
        address = service["spec"].get("clusterIP")
        if address and address != "None" and backends:
            table[address, port["port"]] = backends
    return table


def host_ports(services: list[dict], slices: list[dict], withdrawn: set[str]) -> HostPorts:
    """Node ports, and the ports of load balancers; the oldest Service gets a port that two want."""
    claimed = HostPorts()
    oldest_first = sorted(
        services, key=lambda service: (service["metadata"]["creationTimestamp"], key(service))
    )
    for service, port, backends in _ports(oldest_first, slices, withdrawn):
        if port.get("nodePort"):
            _claim(claimed, (LOOPBACK, port["nodePort"]), service, backends)
        if is_balanced(service):
            frontend = (LOOPBACK, port["port"])
            if not _claim(claimed, frontend, service, backends):
                claimed.refused.add((*key(service), port["port"]))
    return claimed


def is_balanced(service: dict) -> bool:
    """Whether this machine gives it an address. One of a class is left to its provider, and here is none."""
    return service["spec"].get("type") == "LoadBalancer" and not service["spec"].get("loadBalancerClass")


def key(service: dict) -> tuple[str, str]:
    return service["metadata"]["namespace"], service["metadata"]["name"]


def _claim(claimed: HostPorts, frontend: Address, service: dict, backends: list[Address]) -> bool:
    if claimed.owners.setdefault(frontend, key(service)) != key(service):
        return False
    claimed.table[frontend] = backends
    return True


def _ports(services, slices, withdrawn) -> Iterator[tuple[dict, dict, list[Address]]]:
    by_service = slices_by_service(slices)
    for service in services:
        for port in service["spec"].get("ports") or ():
            if port.get("protocol", "TCP") == "TCP":
                service_slices = by_service.get(key(service), [])
                yield service, port, pods_behind(service_slices, port.get("name", ""), withdrawn)


def slices_by_service(slices: list[dict]) -> dict[tuple[str, str], list[dict]]:
    by_service: dict[tuple[str, str], list[dict]] = {}
    for endpoint_slice in slices:
        name = (endpoint_slice["metadata"].get("labels") or {}).get(SERVICE_NAME)
        if name:
            by_service.setdefault((endpoint_slice["metadata"]["namespace"], name), []).append(endpoint_slice)
    return by_service


def pods_behind(slices: list[dict], port_name: str, withdrawn: set[str]) -> list[Address]:
    """Ready endpoints; if there is none, those that still serve while they end."""
    ready, ending = [], []
    for endpoint_slice in slices:
        numbers = [
            port["port"]
            for port in endpoint_slice.get("ports") or ()
            if (port.get("name") or "") == port_name
        ]
        for endpoint in endpoint_slice.get("endpoints") or ():
            state = endpoint.get("conditions") or {}
            chosen = ready if state.get("ready", True) else ending if state.get("serving") else None
            if chosen is not None and numbers:
                chosen += [(address, numbers[0]) for address in endpoint["addresses"]]
    return [address for address in ready if address[0] not in withdrawn] or ending
