"""Defaults of Services, Endpoints, EndpointSlices and NetworkPolicies."""

from aks_flow.rehearsal.standins.kubernetes.defaults.fill import fill, objects_in, part

_STICKY_SECONDS = 10800


def service(item: dict) -> None:
    spec = part(item, "spec")
    fill(spec, type="ClusterIP", sessionAffinity="None")
    for port in objects_in(spec, "ports"):
        fill(port, protocol="TCP")
        if not port.get("targetPort"):
            port["targetPort"] = port.get("port")
    if spec["sessionAffinity"] == "ClientIP":
        fill(part(part(spec, "sessionAffinityConfig"), "clientIP"), timeoutSeconds=_STICKY_SECONDS)
    else:
        spec.pop("sessionAffinityConfig", None)
    _by_type(spec)
    part(part(item, "status"), "loadBalancer")


def allocated(item: dict) -> None:
    """What goes with a cluster address."""
    if item["spec"].get("type") != "ExternalName":
        fill(item["spec"], ipFamilies=["IPv4"], ipFamilyPolicy="SingleStack")


def _by_type(spec: dict) -> None:
    """What only some types have."""
    if spec["type"] != "ExternalName":
        fill(spec, internalTrafficPolicy="Cluster")
    if spec["type"] in ("NodePort", "LoadBalancer"):
        fill(spec, externalTrafficPolicy="Cluster")
    if spec["type"] == "LoadBalancer":
        fill(spec, allocateLoadBalancerNodePorts=True)


def endpoints(item: dict) -> None:
    for subset in objects_in(item, "subsets"):
        for port in objects_in(subset, "ports"):
            fill(port, protocol="TCP")


def endpoint_slice(item: dict) -> None:
    for port in objects_in(item, "ports"):
        fill(port, name="", protocol="TCP")


def network_policy(item: dict) -> None:
    spec = part(item, "spec")
    for rule in objects_in(spec, "ingress", "egress"):
        for port in objects_in(rule, "ports"):
            fill(port, protocol="TCP")
    fill(spec, policyTypes=["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
