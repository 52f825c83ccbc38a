"""Services: whose pods they serve, and at which ports."""

from aks_flow.manifests.checks.facts import Manifest, ManifestFacts, Workload, protocol_of
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.view import FieldView


def services(facts: ManifestFacts) -> Findings:
    """One without a selector, or that is a name for another host, serves what cannot be seen from here."""
    for service in facts.of("Service"):
        selector = service.spec["selector"]
        pods = facts.served(service)
        if selector.fields() and not is_alias(service) and len(pods) != 1:
            names = ", ".join(workload.where for workload in pods) or "none"
            what = f"selects the pods of one workload, but found: {names}"
            yield ManifestFinding("service-selects", service, selector, what)
        for port in service.spec["ports"].items():
            yield from _port(service, port, pods)


def is_alias(service: Manifest) -> bool:
    return service.spec["type"].text == "ExternalName"


def _port(service: Manifest, port: FieldView, pods: list[Workload]) -> Findings:
    if not port["name"].text:
        yield ManifestFinding("service-port-unnamed", service, port, f"port {port['port'].value} has no name")
    target = port["targetPort"] if port["targetPort"].name_or_number else port["port"]
    asked, protocol = target.name_or_number, protocol_of(port)
    for workload in pods if asked is not None and not is_alias(service) else ():
        if not workload.declares_port(asked, protocol):
            what = f"{workload.where} has no port {asked!r}{_of_protocol(workload, asked, protocol)}"
            yield ManifestFinding("service-port", service, target, what)


def _of_protocol(workload: Workload, asked: str | int, protocol: str) -> str:
    """Said where the port is there, but speaks another protocol."""
    others = {"TCP", "UDP", "SCTP"} - {protocol}
    return f" of {protocol}" if any(asked in workload.ports(other) for other in others) else ""


def governing_services(facts: ManifestFacts) -> Findings:
    for owner in facts.of("StatefulSet"):
        name = owner.spec["serviceName"]
        if name.text and not facts.exists("Service", name.text, owner):
            yield ManifestFinding(
                "governing-service", owner, name, f"its Service {name.text!r} does not exist"
            )


def has_port(service: Manifest, asked: str | int) -> bool:
    """By name or by number. One that is a name for another host has them all."""
    if is_alias(service):
        return True
    ports = service.spec["ports"].items()
    return asked in {port["name"].text for port in ports} | {port["port"].number for port in ports}
