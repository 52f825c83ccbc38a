"""Ingresses and the Gateway API's routes: their backends, certificates and Gateways."""

from collections.abc import Iterator

from aks_flow.manifests.checks.facts import Manifest, ManifestFacts
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.secrets import keys_of
from aks_flow.manifests.checks.services import has_port
from aks_flow.manifests.checks.view import FieldView

ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute", "UDPRoute")
MAKES_CERTIFICATES = ("cert-manager.io/", "kubernetes.io/tls-acme", "acme.cert-manager.io/")


def ingresses(facts: ManifestFacts) -> Findings:
    for ingress in facts.of("Ingress"):
        for backend in _backends(ingress.spec):
            service = backend["service"]
            yield from _service(facts, ingress, service["name"], _port(service["port"]))
        if not any(key.startswith(MAKES_CERTIFICATES) for key in ingress.metadata["annotations"].keys):
            yield from _certificates(facts, ingress)


def _backends(spec: FieldView) -> Iterator[FieldView]:
    yield spec["defaultBackend"]
    for rule in spec["rules"].items():
        yield from (path["backend"] for path in rule["http"]["paths"].items())


def _port(port: FieldView) -> FieldView:
    return port["name"] if port["name"].text else port["number"]


def _certificates(facts: ManifestFacts, ingress: Manifest) -> Findings:
    for entry in ingress.spec["tls"].items():
        name = entry["secretName"]
        if name.text and keys_of(facts, "Secret", name.text, ingress) is None:
            yield ManifestFinding("certificate", ingress, name, f"Secret {name.text} does not exist")


def _service(facts: ManifestFacts, owner: Manifest, name: FieldView, port: FieldView) -> Findings:
    if not name.text or name.text in facts.made_elsewhere("Service"):
        return
    service = facts.named("Service", name.text, owner)
    asked = port.name_or_number
    if service is None:
        yield ManifestFinding("backend", owner, name, f"Service {name.text} does not exist")
    elif asked is not None and not has_port(service, asked):
        yield ManifestFinding("backend", owner, port, f"Service {name.text} has no port {asked!r}")


def gateway_routes(facts: ManifestFacts) -> Findings:
    for route in facts.of(*ROUTES):
        for rule in route.spec["rules"].items():
            for backend in _references(rule):
                if _is_service(backend) and _is_near(facts, route, backend):
                    yield from _service(facts, route, backend["name"], backend["port"])
        yield from _gateways(facts, route)


def _references(rule: FieldView) -> Iterator[FieldView]:
    for holder in (rule, *rule["backendRefs"].items()):
        yield from (item["requestMirror"]["backendRef"] for item in holder["filters"].items())
    yield from rule["backendRefs"].items()


def _is_service(reference: FieldView) -> bool:
    return reference["group"].text == "" and reference["kind"].text in ("", "Service")


def _is_near(facts: ManifestFacts, route: Manifest, reference: FieldView) -> bool:
    """Another namespace cannot be seen from here."""
    return reference["namespace"].text in ("", facts.namespace_of(route))


def _gateways(facts: ManifestFacts, route: Manifest) -> Findings:
    for parent in route.spec["parentRefs"].items():
        if parent["kind"].text not in ("", "Gateway") or not _is_near(facts, route, parent):
            continue
        name, section = parent["name"], parent["sectionName"]
        gateway = facts.named("Gateway", name.text, route)
        if gateway is None and not facts.exists("Gateway", name.text, route):
            yield ManifestFinding("gateway", route, name, f"Gateway {name.text} does not exist")
        elif gateway and section.text not in ("", *_listeners(gateway)):
            yield ManifestFinding(
                "gateway", route, section, f"Gateway {name.text} has no listener {section.text}"
            )


def _listeners(gateway: Manifest) -> list[str]:
    return [listener["name"].text for listener in gateway.spec["listeners"].items()]
