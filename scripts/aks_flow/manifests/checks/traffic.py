"""Who reaches whom: Services, addresses in the environment, NetworkPolicies."""

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from aks_flow.manifests.checks.facts import ManifestFacts, ManifestFinding, Workload, where


def services(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    for service in facts.of("Service"):
        spec = service["spec"]
        pods = facts.selected({"matchLabels": spec["selector"]}) if spec.get("selector") else []
        if len(pods) != 1:
            names = ", ".join(workload.name for workload in pods) or "none"
            yield ManifestFinding(where(service), f"selects the pods of one workload, but found: {names}")
        for port in spec["ports"]:
            yield from (ManifestFinding(where(service), text) for text in _service_port(port, pods))


def _service_port(port: Mapping, pods: list[Workload]) -> Iterator[str]:
    target = port.get("targetPort", port["port"])
    if "name" not in port:
        yield f"port {port['port']} has no name"
    yield from (
        f"{workload.name} has no port {target!r}" for workload in pods if target not in workload.ports()
    )


def addresses(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    """A URL in the environment whose host is a bare name means a Service of the namespace."""
    for workload in facts.workloads():
        for container in workload.containers():
            for variable in container.get("env", []):
                yield from (ManifestFinding(workload.name, text) for text in _address(facts, variable))


def _address(facts: ManifestFacts, variable: Mapping) -> Iterator[str]:
    url = urlsplit(variable.get("value", ""))
    if not url.hostname or "." in url.hostname:
        return
    service = facts.named("Service", url.hostname)
    if service is None:
        yield f"{variable['name']} names Service {url.hostname}, which does not exist"
    elif url.port and url.port not in {port["port"] for port in service["spec"]["ports"]}:
        yield f"{variable['name']} names port {url.port}, which Service {url.hostname} does not have"


def governing_services(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    for owner in facts.of("StatefulSet"):
        name = owner["spec"].get("serviceName", "")
        if facts.named("Service", name) is None:
            yield ManifestFinding(where(owner), f"its Service {name!r} does not exist")


def network_policies(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    for policy in facts.of("NetworkPolicy"):
        spec = policy["spec"]
        own = facts.selected(spec["podSelector"])
        texts = [] if own else ["selects no pods"]
        for rule in spec.get("ingress", []):
            texts += [*_peers(facts, rule.get("from", [])), *_policy_ports(rule, own)]
        for rule in spec.get("egress", []):
            texts += [
                *_peers(facts, rule.get("to", [])),
                *_policy_ports(rule, _here(facts, rule.get("to", []))),
            ]
        yield from (ManifestFinding(where(policy), text) for text in texts)


def _peers(facts: ManifestFacts, peers: list[Mapping]) -> Iterator[str]:
    for peer in peers:
        if _is_here(peer) and not facts.selected(peer["podSelector"]):
            yield f"names pods that do not exist: {peer['podSelector']}"


def _policy_ports(rule: Mapping, pods: list[Workload]) -> Iterator[str]:
    for port in rule.get("ports", []):
        for workload in pods:
            if "port" in port and port["port"] not in workload.ports():
                yield f"{workload.name} has no port {port['port']!r}"


def _here(facts: ManifestFacts, peers: list[Mapping]) -> list[Workload]:
    return [workload for peer in peers if _is_here(peer) for workload in facts.selected(peer["podSelector"])]


def _is_here(peer: Mapping) -> bool:
    """A peer in the policy's own namespace; others cannot be seen from here."""
    return "podSelector" in peer and "namespaceSelector" not in peer
