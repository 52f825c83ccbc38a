"""What must be there once in its list: the last of two wins, or the server refuses both."""

from aks_flow.manifests.checks.facts import Manifest, ManifestFacts, Workload, protocol_of
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.view import FieldView


def duplicates(facts: ManifestFacts) -> Findings:
    for workload in facts.workloads:
        yield from _twice(workload.owner, "container", workload.containers, "name")
        yield from _twice(workload.owner, "volume", workload.pod["volumes"].items(), "name")
        yield from _twice(workload.owner, "port", _ports_of(workload), "name", " of the pod")
        for container in workload.containers:
            of = f" of container {container['name'].text}"
            yield from _twice(workload.owner, "variable", container["env"].items(), "name", of)
            yield from _twice(workload.owner, "mount", container["volumeMounts"].items(), "mountPath", of)
            yield from _ports(workload.owner, container["ports"].items(), "containerPort", of)
    for service in facts.of("Service"):
        yield from _twice(service, "port", service.spec["ports"].items(), "name")
        yield from _ports(service, service.spec["ports"].items(), "port", "")


def _ports_of(workload: Workload) -> list[FieldView]:
    """Those of the containers that run side by side: who asks for one by name gets the first."""
    return [port for container in workload.main_containers for port in container["ports"].items()]


def _ports(owner: Manifest, ports: list[FieldView], number: str, of: str) -> Findings:
    """By number and protocol."""
    seen = set()
    for port in ports:
        key = (port[number].number, protocol_of(port))
        if key[0] is not None and key in seen:
            yield ManifestFinding("twice", owner, port[number], f"port {key[0]} {key[1]}{of} is there twice")
        seen.add(key)


def _twice(owner: Manifest, what: str, items: list[FieldView], key: str, of: str = "") -> Findings:
    seen = set()
    for item in items:
        name = item[key].text
        if name and name in seen:
            yield ManifestFinding("twice", owner, item[key], f"{what} {name}{of} is there twice")
        seen.add(name)
