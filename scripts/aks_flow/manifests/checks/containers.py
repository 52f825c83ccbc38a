"""Each container by itself: probes, resources, named ports."""

from aks_flow.manifests.checks.facts import ManifestFacts, Workload
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.view import FieldView

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")
ASKING = (*PROBES, "lifecycle.postStart", "lifecycle.preStop")
HANDLERS = ("httpGet", "tcpSocket", "grpc")
AMOUNTS = tuple((kind, resource) for kind in ("requests", "limits") for resource in ("cpu", "memory"))


def probes(facts: ManifestFacts) -> Findings:
    """Those that are there ask what is there; containers that serve have all three."""
    for workload in facts.workloads:
        if workload.is_serving:
            yield from _missing(workload)
        for container in workload.containers:
            for place in ASKING:
                yield from _asked(workload, container, place)


def hardening(facts: ManifestFacts) -> Findings:
    for workload in facts.workloads:
        for container in workload.containers:
            yield from _hardening(workload, container)


def _missing(workload: Workload) -> Findings:
    for container in workload.main_containers:
        for kind in PROBES:
            if not container[kind]:
                what = f"container {container['name'].text} has no {kind}"
                yield ManifestFinding("probe-missing", workload.owner, container, what)


def _asked(workload: Workload, container: FieldView, place: str) -> Findings:
    name, action = container["name"].text, container.at(place)
    for handler in HANDLERS:
        port = action[handler]["port"]
        if port and not action[handler]["host"].text and not _has(container, port):
            what = f"{place} of container {name} asks port {port.value!r}, which the container does not have"
            yield ManifestFinding("probe-port", workload.owner, port, what)


def _has(container: FieldView, asked: FieldView) -> bool:
    """One that declares no port at all may listen at any number."""
    ports = container["ports"].items()
    if not ports and asked.number is not None:
        return True
    names = [port[key].name_or_number for port in ports for key in ("name", "containerPort")]
    return asked.name_or_number in names


def _hardening(workload: Workload, container: FieldView) -> Findings:
    name, owner = container["name"].text, workload.owner
    for kind, resource in AMOUNTS:
        if not container["resources"][kind][resource]:
            at = container["resources"][kind]
            yield ManifestFinding("resources", owner, at, f"container {name} has no {kind}.{resource}")
    for port in container["ports"].items():
        if not port["name"].text:
            what = f"port {port['containerPort'].value} of container {name} has no name"
            yield ManifestFinding("port-unnamed", owner, port, what)
    if container["securityContext"]["readOnlyRootFilesystem"].value is not True:
        what = f"container {name} may write to its root file system"
        yield ManifestFinding("root-file-system", owner, container["securityContext"], what)
