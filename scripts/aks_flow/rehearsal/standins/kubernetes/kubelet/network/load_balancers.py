"""What the status of load balancer Services and Ingresses says about the ports they got on this machine."""

import errno

from aks_flow.rehearsal.standins.kubernetes.kubelet.network.routes import (
    LOOPBACK,
    Address,
    HostPorts,
    is_balanced,
    key,
)

_REASONS = {errno.EADDRINUSE: "PortInUse", errno.EACCES: "PermissionDenied"}


def status(service: dict, ports: HostPorts, errors: dict[Address, int]) -> dict:
    """status.loadBalancer: where it answers, and which of its own ports it could not get. {} for others."""
    if not is_balanced(service):
        return {}
    entries = [_port(service, port, ports, errors) for port in service["spec"].get("ports") or ()]
    ingress = {"ip": LOOPBACK, "ipMode": "VIP"}
    if any("error" in entry for entry in entries):
        ingress["ports"] = entries
    return {"ingress": [ingress]}


def ingress_status(port: int, error: int | None) -> dict:
    """status.loadBalancer of every Ingress: one port of this machine serves them all."""
    entry = {"port": port, "protocol": "TCP"}
    if error is not None:
        entry["error"] = _reason(error)
    return {"ingress": [{"ip": LOOPBACK, "ports": [entry]}]}


def _port(service: dict, port: dict, ports: HostPorts, errors: dict[Address, int]) -> dict:
    entry = {"port": port["port"], "protocol": port.get("protocol", "TCP")}
    number = errors.get((LOOPBACK, port["port"]))
    if (*key(service), port["port"]) in ports.refused:
        number = errno.EADDRINUSE
    return entry | ({"error": _reason(number)} if number else {})


def _reason(number: int) -> str:
    return _REASONS.get(number, "PortUnavailable")
