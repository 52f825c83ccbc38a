"""Services, Ingresses, NetworkPolicies."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.objects.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks, grammar
from aks_flow.rehearsal.standins.kubernetes.validation.causes import duplicate, forbidden, invalid, required

_TYPES = ("ClusterIP", "ExternalName", "LoadBalancer", "NodePort")
_PROTOCOLS = ("SCTP", "TCP", "UDP")


def service(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    ports = spec.get("ports") or []
    if spec.get("type") == "ExternalName":
        yield from checks.need("spec", spec, "externalName")
    elif not ports and spec.get("clusterIP") != "None":
        yield required("spec.ports")
    yield from checks.one_of("spec.type", spec.get("type"), *_TYPES)
    yield from checks.one_of("spec.sessionAffinity", spec.get("sessionAffinity"), "ClientIP", "None")
    for policy in ("externalTrafficPolicy", "internalTrafficPolicy"):
        yield from checks.one_of(f"spec.{policy}", spec.get(policy), "Cluster", "Local")
    yield from checks.labels("spec.selector", spec.get("selector") or {})
    yield from _ports(ports, spec.get("type"))


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
        yield from checks.one_of(f"{path}.protocol", item.get("protocol"), *_PROTOCOLS)
        if item.get("nodePort") and service_type == "ClusterIP":
            yield forbidden(f"{path}.nodePort", "may not be used when `type` is 'ClusterIP'")
        key = {"port": item.get("port"), "protocol": item.get("protocol")}
        if tuple(key.values()) in seen:
            yield duplicate(path, key)
        seen.add(tuple(key.values()))


def service_update(old: dict, new: dict) -> Iterator[Cause]:
    """An address, once given, stays until the Service becomes a name."""
    before, after = old["spec"], new["spec"]
    if "ExternalName" in (before.get("type"), after.get("type")) or not before.get("clusterIP"):
        return
    if before["clusterIP"] != after.get("clusterIP"):
        yield invalid("spec.clusterIPs[0]", after.get("clusterIPs") or [], "may not change once set")


def ingress(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    if not spec.get("rules") and not spec.get("defaultBackend"):
        yield invalid("spec", spec, "either `defaultBackend` or `rules` must be specified")
    for index, rule in enumerate(spec.get("rules") or ()):
        for number, path in enumerate((rule.get("http") or {}).get("paths") or ()):
            at = f"spec.rules[{index}].http.paths[{number}]"
            if not path.get("pathType"):
                yield required(f"{at}.pathType", "pathType must be specified")
            choices = ("Exact", "ImplementationSpecific", "Prefix")
            yield from checks.one_of(f"{at}.pathType", path.get("pathType"), *choices)
            if path.get("pathType") in ("Exact", "Prefix") and not path.get("path", "").startswith("/"):
                yield invalid(f"{at}.path", path.get("path", ""), "must be an absolute path")


def network_policy(item: dict) -> Iterator[Cause]:
    spec = item.get("spec") or {}
    yield from checks.selector("spec.podSelector", spec.get("podSelector") or {})
    for index, policy in enumerate(spec.get("policyTypes") or ()):
        yield from checks.one_of(f"spec.policyTypes[{index}]", policy, "Egress", "Ingress")
    for direction in ("ingress", "egress"):
        for index, rule in enumerate(spec.get(direction) or ()):
            for number, port in enumerate(rule.get("ports") or ()):
                at = f"spec.{direction}[{index}].ports[{number}]"
                yield from checks.one_of(f"{at}.protocol", port.get("protocol"), *_PROTOCOLS)
                if port.get("port") is not None:
                    yield from checks.port(f"{at}.port", port["port"])
