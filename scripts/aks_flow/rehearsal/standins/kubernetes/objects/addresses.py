"""What the server allocates to a Service: cluster addresses and node ports, unique and kept on update."""

import random
import socket
from ipaddress import IPv4Network, ip_address

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import (
    Cause,
    StatusError,
    invalid,
    unavailable,
)
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.validation.services import is_reached_from_outside

NODE_PORTS = range(30000, 32768)
_OF_LOAD_BALANCERS = ("allocateLoadBalancerNodePorts", "healthCheckNodePort", "loadBalancerClass")


def allocate(service: dict, old: dict | None, others: list[dict], network: IPv4Network | None) -> None:
    """Fill in clusterIP, clusterIPs and nodePorts in place.

    others: the other Services. network: where addresses come from, None if it is not known yet (503).
    """
    _drop_of_old_type(service["spec"], (old or {}).get("spec", {}))
    if service["spec"].get("type") == "ExternalName":
        for field in ("clusterIP", "clusterIPs"):
            service["spec"].pop(field, None)
        return
    _allocate_address(service, old, others, network)
    _allocate_ports(service, old, others)


def _drop_of_old_type(spec: dict, old: dict) -> None:
    """What an old type had and the new one cannot have goes by itself, unless it is changed as well."""
    fields = [] if spec.get("type") == "LoadBalancer" else [*_OF_LOAD_BALANCERS]
    if not is_reached_from_outside(spec):
        fields.append("externalTrafficPolicy")
    for field in fields:
        if field in old and old.get("type") != spec.get("type") and spec.get(field) == old[field]:
            spec.pop(field, None)


def _allocate_address(
    service: dict, old: dict | None, others: list[dict], network: IPv4Network | None
) -> None:
    spec = service["spec"]
    had = (old or {}).get("spec", {}).get("clusterIP")
    asked = spec.get("clusterIP") or had
    taken = {other["spec"].get("clusterIP") for other in others}
    fault = ""
    if asked and asked != "None" and asked in taken:
        fault = "provided IP is already allocated"
    elif not had and _is_foreign(asked, network):  # one that it had may not change at all
        fault = "the provided network does not match the current range"
    if fault:
        why = f'Invalid value: ["{asked}"]: failed to allocate IP {asked}: {fault}'
        raise _refused(service, Cause("spec.clusterIPs", "FieldValueInvalid", why))
    spec["clusterIP"] = asked or _free_address(network, taken)
    spec["clusterIPs"] = [spec["clusterIP"]]


def _is_foreign(address: str | None, network: IPv4Network | None) -> bool:
    """Whether nobody would be reached by an address; what is no address is told later."""
    is_one = address not in (None, "", "None") and not grammar.address(address)
    return bool(network) and is_one and ip_address(address) not in network


def _free_address(network: IPv4Network | None, taken: set[str]) -> str:
    if network is None:
        raise unavailable("the node's network is not ready yet: no address for the Service")
    while True:
        # The first and the last few are the network's own.
        address = str(network[random.randint(2, network.num_addresses - 2)])
        if address not in taken:
            return address


def _allocate_ports(service: dict, old: dict | None, others: list[dict]) -> None:
    ports = service["spec"].get("ports") or []
    if service["spec"].get("type") not in ("NodePort", "LoadBalancer"):
        for port in ports:
            if old and port.get("nodePort") in _node_ports(old):
                port.pop("nodePort", None)
        return
    earlier = {_port_key(port): port.get("nodePort") for port in (old or {}).get("spec", {}).get("ports", ())}
    taken = {number for other in others for number in _node_ports(other)}
    for index, port in enumerate(ports):
        asked = port.get("nodePort") or earlier.get(_port_key(port))
        if asked in taken:
            why = f"Invalid value: {asked}: provided port is already allocated"
            raise _refused(service, Cause(f"spec.ports[{index}].nodePort", "FieldValueInvalid", why))
        if asked and asked not in NODE_PORTS:
            text = "provided port is not in the valid range. The range of valid ports is 30000-32767"
            why = f"Invalid value: {asked}: {text}"
            raise _refused(service, Cause(f"spec.ports[{index}].nodePort", "FieldValueInvalid", why))
        port["nodePort"] = asked or _free_node_port(taken)
        taken.add(port["nodePort"])


def _free_node_port(taken: set[int]) -> int:
    """One that no other rehearsal or program of this machine has: that would answer in its place."""
    free = [number for number in NODE_PORTS if number not in taken]
    random.shuffle(free)
    return next(filter(_is_unused, free), free[0])


def _is_unused(port: int) -> bool:
    try:
        socket.create_server(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def _node_ports(service: dict) -> set[int]:
    return {port["nodePort"] for port in service["spec"].get("ports") or () if port.get("nodePort")}


def _port_key(port: dict) -> tuple:
    return port.get("port"), port.get("protocol", "TCP")


def _refused(service: dict, cause: Cause) -> StatusError:
    return invalid(kinds.SERVICE, service["metadata"]["name"], [cause])
