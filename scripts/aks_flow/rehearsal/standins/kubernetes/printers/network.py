"""Tables of Services and of what leads traffic."""

from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.printers.columns import table
from aks_flow.rehearsal.standins.kubernetes.printers.values import (
    NONE,
    UNSET,
    age,
    joined,
    labels,
    selector,
    spec,
    status,
)

_SHOWN_ENDPOINTS = 3


def service(item: dict, now: datetime) -> list:
    given = spec(item)
    address = given.get("clusterIP") or NONE
    ports = joined(map(_port, given.get("ports") or ()))
    shown = [given.get("type", "ClusterIP"), address, _external(item), ports, age(item, now)]
    return [*shown, labels(given.get("selector"))]


def endpoints(item: dict, now: datetime) -> list:
    shown = []
    for subset in item.get("subsets") or ():
        addresses = [address.get("ip", "") for address in subset.get("addresses") or ()]
        ports = subset.get("ports") or ()
        shown += [f"{ip}:{port.get('port', 0)}" for port in ports for ip in addresses] if ports else addresses
    return [joined(shown, most=_SHOWN_ENDPOINTS), age(item, now)]


def endpoint_slice(item: dict, now: datetime) -> list:
    ports = [port.get("port") or "*" for port in item.get("ports") or ()]
    addresses = [
        address for endpoint in item.get("endpoints") or () for address in endpoint.get("addresses") or ()
    ]
    shown = [joined(ports, UNSET, _SHOWN_ENDPOINTS), joined(addresses, UNSET, _SHOWN_ENDPOINTS)]
    return [item.get("addressType", ""), *shown, age(item, now)]


def ingress(item: dict, now: datetime) -> list:
    hosts = [rule["host"] for rule in spec(item).get("rules") or () if rule.get("host")]
    balancer = (status(item).get("loadBalancer") or {}).get("ingress") or ()
    addresses = joined((entry.get("ip") or entry.get("hostname", "") for entry in balancer), "")
    ports = "80, 443" if spec(item).get("tls") else "80"
    name = spec(item).get("ingressClassName") or NONE
    return [name, joined(hosts, "*", _SHOWN_ENDPOINTS), addresses, ports, age(item, now)]


def ingress_class(item: dict, now: datetime) -> list:
    given = spec(item).get("parameters") or {}
    kind = ".".join(filter(None, (given.get("kind"), given.get("apiGroup"))))
    parameters = f"{kind}/{given.get('name', '')}" if given else NONE
    return [spec(item).get("controller", ""), parameters, age(item, now)]


def network_policy(item: dict, now: datetime) -> list:
    return [selector(spec(item).get("podSelector")), age(item, now)]


def _port(port: dict) -> str:
    node = f":{port['nodePort']}" if port.get("nodePort") else ""
    return f"{port.get('port', 0)}{node}/{port.get('protocol', 'TCP')}"


def _external(item: dict) -> str:
    given = spec(item)
    if given.get("type") == "ExternalName":
        return given.get("externalName", "")
    outside = given.get("externalIPs") or []
    if given.get("type") != "LoadBalancer":
        return joined(outside)
    balancer = (status(item).get("loadBalancer") or {}).get("ingress") or ()
    return joined(
        [*(entry.get("ip") or entry.get("hostname", "") for entry in balancer), *outside], "<pending>"
    )


TABLES = {
    kinds.SERVICE: table(service, "Type", "Cluster-IP", "External-IP", "Port(s)", "Age", "+Selector"),
    kinds.ENDPOINTS: table(endpoints, "Endpoints", "Age"),
    kinds.ENDPOINT_SLICE: table(endpoint_slice, "AddressType", "Ports", "Endpoints", "Age"),
    kinds.INGRESS: table(ingress, "Class", "Hosts", "Address", "Ports", "Age"),
    kinds.INGRESS_CLASS: table(ingress_class, "Controller", "Parameters", "Age"),
    kinds.NETWORK_POLICY: table(network_policy, "Pod-Selector", "Age"),
}
