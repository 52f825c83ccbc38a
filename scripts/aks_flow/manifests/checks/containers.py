"""Each container by itself: probes, resources, named ports."""

from collections.abc import Iterator, Mapping

from aks_flow.manifests.checks.facts import ManifestFacts, ManifestFinding

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
AMOUNTS = tuple((kind, resource) for kind in ("requests", "limits") for resource in ("cpu", "memory"))


def containers(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    for workload in facts.workloads():
        for container in workload.pod["containers"]:
            yield from (ManifestFinding(workload.name, text) for text in _long_running(container, facts))
        for container in workload.containers():
            yield from (ManifestFinding(workload.name, text) for text in _any(container))


def _long_running(container: Mapping, facts: ManifestFacts) -> Iterator[str]:
    name = container["name"]
    for kind in PROBES:
        if kind not in container:
            yield f"container {name} has no {kind}"
        else:
            yield from (
                f"{kind} of container {name} {text}" for text in _probe(container, container[kind], facts)
            )


def _probe(container: Mapping, probe: Mapping, facts: ManifestFacts) -> Iterator[str]:
    target = probe.get("httpGet") or probe.get("tcpSocket") or probe.get("grpc") or {}
    ports = container.get("ports", [])
    known = {port.get("name") for port in ports} | {port["containerPort"] for port in ports}
    if "port" in target and target["port"] not in known:
        yield f"asks port {target['port']!r}, which the container does not have"
    routes = facts.routes.get(container["name"])
    path = probe.get("httpGet", {}).get("path", "/")
    if "httpGet" in probe and routes is not None and path not in routes:
        yield f"asks {path}, which the app does not serve"


def _any(container: Mapping) -> Iterator[str]:
    name = container["name"]
    for kind, resource in AMOUNTS:
        if resource not in container.get("resources", {}).get(kind, {}):
            yield f"container {name} has no {kind}.{resource}"
    for port in container.get("ports", []):
        if "name" not in port:
            yield f"port {port['containerPort']} of container {name} has no name"
    if container.get("securityContext", {}).get("readOnlyRootFilesystem") is not True:
        yield f"container {name} may write to its root file system"
