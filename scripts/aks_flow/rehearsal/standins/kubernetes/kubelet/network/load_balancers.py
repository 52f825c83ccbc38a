"""What a load balancer Service's status says about the ports it got on this machine."""

import errno

from aks_flow.rehearsal.standins.kubernetes.kubelet.network.routes import LOOPBACK, Address, HostPorts, key

_REASONS = {errno.EADDRINUSE: "PortInUse", errno.EACCES: "PermissionDenied"}


def status(service: dict, ports: HostPorts, errors: dict[Address, int]) -> dict:
    """status.loadBalancer: where it answers, and which of its own ports it could not get. {} for others."""
    if service["spec"].get("type") != "LoadBalancer":
        return {}
    entries = [_port(service, port, ports, errors) for port in service["spec"].get("ports") or ()]
    ingress = {"ip": LOOPBACK, "ipMode": "VIP"}
    if any("error" in entry for entry in entries):
        ingress["ports"] = entries
    return {"ingress": [ingress]}


def _port(service: dict, port: dict, ports: HostPorts, errors: dict[Address, int]) -> dict:
    entry = {"port": port["port"], "protocol": port.get("protocol", "TCP")}
    number = errors.get((LOOPBACK, port["port"]))
    if (*key(service), port["port"]) in ports.refused:
        number = errno.EADDRINUSE
    return entry | ({"error": _REASONS.get(number, "PortUnavailable")} if number else {})
