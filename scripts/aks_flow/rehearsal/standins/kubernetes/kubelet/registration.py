"""The Node object: what this machine offers, and whether it can run pods."""

import os
import platform
from dataclasses import dataclass, field

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

KUBELET_VERSION = "v1.36.2"
_MAX_PODS = 110
_ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
_LEASE_SECONDS = 40


@dataclass(frozen=True)
class NodeFacts:
    """engine: Docker's answer to version, {} while there is none. trouble: why no pod can run, or ""."""

    address: str
    engine: dict = field(default_factory=dict)
    trouble: str = ""


def capacity() -> dict[str, str]:
    """This machine's, in Kubernetes quantities."""
    kibibytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024
    storage = os.statvfs("/")
    return {
        "cpu": str(os.cpu_count() or 1),
        "ephemeral-storage": f"{storage.f_blocks * storage.f_frsize // 1024}Ki",
        "memory": f"{kibibytes}Ki",
        "pods": str(_MAX_PODS),
    }


def register(objects: Objects, facts: NodeFacts) -> None:
    """Create the Node, or bring its labels and status up to date."""
    if objects.find(kinds.NODE, "", naming.NODE_NAME) is None:
        objects.create(kinds.NODE, {"metadata": {"name": naming.NODE_NAME, "labels": _labels()}})
    objects.modify(kinds.NODE, "", naming.NODE_NAME, lambda node: _fill(node, facts), "status")


def announce_registry(objects: Objects, registry: str) -> None:
    """Where images may be pushed for this cluster, in the form that tools look for (KEP-1755)."""
    metadata = {"name": "local-registry-hosting", "namespace": "kube-public"}
    data = {"localRegistryHosting.v1": f'host: "{registry}"\n'}
    if objects.find(kinds.CONFIG_MAP, metadata["namespace"], metadata["name"]) is None:
        objects.create(kinds.CONFIG_MAP, {"metadata": metadata, "data": data})


def renew_lease(objects: Objects) -> None:
    """The heartbeat by which others may see that the node lives."""
    moment = times.now().strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    namespace = "kube-node-lease"

    def renew(lease: dict) -> None:
        lease["spec"]["renewTime"] = moment

    try:
        objects.modify(kinds.LEASE, namespace, naming.NODE_NAME, renew)
    except StatusError:
        spec = {
            "holderIdentity": naming.NODE_NAME,
            "leaseDurationSeconds": _LEASE_SECONDS,
            "renewTime": moment,
        }
        metadata = {"name": naming.NODE_NAME, "namespace": namespace}
        objects.create(kinds.LEASE, {"metadata": metadata, "spec": spec})


def _labels() -> dict[str, str]:
    architecture = _architecture()
    return {
        "kubernetes.io/hostname": naming.NODE_NAME,
        "kubernetes.io/os": "linux",
        "kubernetes.io/arch": architecture,
        "beta.kubernetes.io/os": "linux",
        "beta.kubernetes.io/arch": architecture,
    }


def _architecture() -> str:
    return _ARCHITECTURES.get(platform.machine(), platform.machine())


def _fill(node: dict, facts: NodeFacts) -> None:
    before = {condition["type"]: condition for condition in node.get("status", {}).get("conditions") or ()}
    node["status"] = {
        "addresses": [
            {"type": "InternalIP", "address": facts.address},
            {"type": "Hostname", "address": naming.NODE_NAME},
        ],
        "capacity": capacity(),
        "allocatable": capacity(),
        "conditions": [_condition(*condition, before) for condition in _conditions(facts)],
        "daemonEndpoints": {"kubeletEndpoint": {"Port": 0}},
        "nodeInfo": _node_info(facts.engine, node.get("status", {}).get("nodeInfo") or {}),
    }


def _conditions(facts: NodeFacts) -> list[tuple[str, str, str, str]]:
    ready = ("Ready", "True", "KubeletReady", "kubelet is posting ready status")
    if facts.trouble:
        ready = ("Ready", "False", "KubeletNotReady", facts.trouble)
    return [
        ("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
        ("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
        ("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
        ready,
    ]


def _condition(kind: str, status: str, reason: str, message: str, before: dict) -> dict:
    moment = times.stamp(times.now())
    earlier = before.get(kind)
    is_same = bool(earlier) and earlier["status"] == status
    return {
        "type": kind,
        "status": status,
        "lastHeartbeatTime": moment,
        "lastTransitionTime": earlier["lastTransitionTime"] if is_same else moment,
        "reason": reason,
        "message": message,
    }


def _node_info(engine: dict, before: dict) -> dict:
    runtime = (
        f"docker://{engine['Version']}" if engine else before.get("containerRuntimeVersion", "docker://")
    )
    return {
        "architecture": _architecture(),
        "bootID": "",
        "containerRuntimeVersion": runtime,
        "kernelVersion": platform.release(),
        "kubeProxyVersion": KUBELET_VERSION,
        "kubeletVersion": KUBELET_VERSION,
        "machineID": "",
        "operatingSystem": "linux",
        "osImage": _os_image(),
        "systemUUID": "",
    }


def _os_image() -> str:
    try:
        return platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        return platform.system()
