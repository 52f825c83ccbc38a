"""Services."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import duplicate, forbidden, invalid, required

_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
PROTOCOLS = ("SCTP", "TCP", "UDP")
_DAY = 86400  # seconds


def service(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    ports = spec.get("ports") or []
    if spec.get("type") == "ExternalName":
        name = (spec.get("externalName") or "").removesuffix(".")
        yield from checks.named("spec.externalName", name, grammar.subdomain)
    elif not ports and spec.get("clusterIP") != "None":
        yield required("spec.ports")
    yield from checks.one_of("spec.type", spec.get("type"), *_TYPES)
    yield from checks.one_of("spec.sessionAffinity", spec.get("sessionAffinity"), "ClientIP", "None")
    for policy in ("externalTrafficPolicy", "internalTrafficPolicy"):
        yield from checks.one_of(f"spec.{policy}", spec.get(policy), "Cluster", "Local")
    yield from checks.labels("spec.selector", spec.get("selector") or {})
    yield from _ports(ports, spec.get("type"))
    yield from _addresses(spec)
    yield from _of_other_types(spec)
    seconds = ((spec.get("sessionAffinityConfig") or {}).get("clientIP") or {}).get("timeoutSeconds")
    if seconds is not None and not 0 < seconds <= _DAY:
        at = "spec.sessionAffinityConfig.clientIP.timeoutSeconds"
        yield invalid(at, seconds, f"must be greater than 0 and less than {_DAY}")


def _addresses(spec: dict) -> Iterator[Cause]:
    address, service_type = spec.get("clusterIP"), spec.get("type")
    if address == "None" and service_type in ("LoadBalancer", "NodePort"):
        yield invalid("spec.clusterIPs[0]", address, f"may not be set to 'None' for {service_type} services")
    elif address not in (None, "", "None"):
        yield from checks.matches("spec.clusterIPs[0]", address, grammar.address)
    for index, external in enumerate(spec.get("externalIPs") or ()):
        yield from checks.matches(f"spec.externalIPs[{index}]", external, grammar.address)


def _of_other_types(spec: dict) -> Iterator[Cause]:
    """Fields that only a Service of another type may have."""
    service_type, policy = spec.get("type"), spec.get("externalTrafficPolicy")
    if policy and not is_reached_from_outside(spec):
        text = "may only be set for externally-accessible services"
        yield invalid("spec.externalTrafficPolicy", policy, text)
    if spec.get("healthCheckNodePort") and (service_type, policy) != ("LoadBalancer", "Local"):
        text = "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"
        yield invalid("spec.healthCheckNodePort", spec["healthCheckNodePort"], text)
    for field in ("loadBalancerSourceRanges", "loadBalancerClass", "allocateLoadBalancerNodePorts"):
        if service_type != "LoadBalancer" and spec.get(field) not in (None, []):
            yield forbidden(f"spec.{field}", "may only be used when `type` is 'LoadBalancer'")
    for index, cidr in enumerate(spec.get("loadBalancerSourceRanges") or ()):
        yield from checks.matches(f"spec.loadBalancerSourceRanges[{index}]", cidr.strip(), grammar.cidr)


def is_reached_from_outside(spec: dict) -> bool:
    """Whether a Service's spec lets it have an `externalTrafficPolicy`."""
    return spec.get("type") in ("LoadBalancer", "NodePort") or bool(spec.get("externalIPs"))


def _ports(ports: list[dict], service_type: str | None) -> Iterator[Cause]:
    yield from checks.unique_names("spec.ports", ports)
    seen = set()
    for index, item in enumerate(ports):
        path = f"spec.ports[{index}]"
        if item.get("name"):
            yield from checks.matches(f"{path}.name", item["name"], grammar.label)
        elif len(ports) > 1:
            yield required(f"{path}.name")
        yield from checks.port(f"{path}.port", item.get("port"))
        if item.get("targetPort"):
            yield from checks.port(f"{path}.targetPort", item["targetPort"])
        yield from checks.one_of(f"{path}.protocol", item.get("protocol"), *PROTOCOLS)
        if item.get("nodePort") and service_type == "ClusterIP":
            yield forbidden(f"{path}.nodePort", "may not be used when `type` is 'ClusterIP'")
        key = {"port": item.get("port"), "protocol": item.get("protocol")}
        if tuple(key.values()) in seen:
            yield duplicate(path, key)
        seen.add(tuple(key.values()))


def endpoints(item: dict) -> Iterator[Cause]:
    for index, subset in enumerate(item.get("subsets") or ()):
        path = f"subsets[{index}]"
        if not subset.get("addresses") and not subset.get("notReadyAddresses"):
            yield required(path, "must specify `addresses` or `notReadyAddresses`")
        for field in ("addresses", "notReadyAddresses"):
            for number, address in enumerate(subset.get(field) or ()):
                at = f"{path}.{field}[{number}].ip"
                yield from checks.matches(at, address.get("ip") or "", grammar.address)


def service_update(old: dict, new: dict) -> Iterator[Cause]:
    """An address, once given, stays until the Service becomes a name."""
    before, after = old["spec"], new["spec"]
    if "ExternalName" in (before.get("type"), after.get("type")) or not before.get("clusterIP"):
        return
    if before["clusterIP"] != after.get("clusterIP"):
        yield invalid("spec.clusterIPs[0]", after.get("clusterIPs") or [], "may not change once set")
