"""The Pod Security Standard "restricted", as tables of fields and the values they may have.

https://kubernetes.io/docs/concepts/security/pod-security-standards/ (None: the field is absent)
"""

from collections.abc import Iterator, Mapping
from typing import Any

from aks_flow.manifests.checks.facts import ManifestFacts, ManifestFinding

_SAFE_SYSCTLS = (
    "kernel.shm_rmid_forced",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_wmem",
)
_PROFILES = ("RuntimeDefault", "Localhost")

# Of a pod and of each of its containers.
BOTH = {
    "securityContext.windowsOptions.hostProcess": (None, False),
    "securityContext.seLinuxOptions.type": (
        None,
        "",
        "container_t",
        "container_init_t",
        "container_kvm_t",
        "container_engine_t",
    ),
    "securityContext.seLinuxOptions.user": (None, ""),
    "securityContext.seLinuxOptions.role": (None, ""),
    "securityContext.appArmorProfile.type": (None, *_PROFILES),
}

POD = BOTH | {
    "hostNetwork": (None, False),
    "hostPID": (None, False),
    "hostIPC": (None, False),
    "securityContext.seccompProfile.type": (None, *_PROFILES),
    "securityContext.sysctls[].name": _SAFE_SYSCTLS,
}

CONTAINER = BOTH | {
    "securityContext.privileged": (None, False),
    "securityContext.allowPrivilegeEscalation": (False,),
    "securityContext.capabilities.add[]": ("NET_BIND_SERVICE",),
    "securityContext.procMount": (None, "Default"),
    "ports[].hostPort": (None, 0),
    "startupProbe.httpGet.host": (None, ""),
    "startupProbe.tcpSocket.host": (None, ""),
    "readinessProbe.httpGet.host": (None, ""),
    "readinessProbe.tcpSocket.host": (None, ""),
    "livenessProbe.httpGet.host": (None, ""),
    "livenessProbe.tcpSocket.host": (None, ""),
    "lifecycle.postStart.httpGet.host": (None, ""),
    "lifecycle.postStart.tcpSocket.host": (None, ""),
    "lifecycle.preStop.httpGet.host": (None, ""),
    "lifecycle.preStop.tcpSocket.host": (None, ""),
}

# Of a container, or of its pod where the container says nothing.
EFFECTIVE = {
    "securityContext.runAsNonRoot": (True,),
    "securityContext.seccompProfile.type": _PROFILES,
}

VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}


def pod_security(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    for workload in facts.workloads():
        yield from (ManifestFinding(workload.name, text) for text in violations(workload.pod))


def violations(pod: Mapping) -> Iterator[str]:
    """What a pod spec does that "restricted" forbids, a sentence each."""
    yield from _disallowed("pod", pod, POD)
    yield from _root("pod", pod)
    for volume in pod.get("volumes", []):
        if forbidden := sorted(volume.keys() - VOLUMES - {"name"}):
            yield f"volume {volume['name']} is of type {forbidden[0]}"
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for container in pod.get(kind, []):
            yield from _container(container, pod)


def _container(container: Mapping, pod: Mapping) -> Iterator[str]:
    name = f"container {container['name']}"
    yield from _disallowed(name, container, CONTAINER)
    yield from _root(name, container)
    if "ALL" not in values(container, "securityContext.capabilities.drop[]"):
        yield f"{name}: securityContext.capabilities.drop does not hold ALL"
    for path, allowed in EFFECTIVE.items():
        (own,), (inherited,) = values(container, path), values(pod, path)
        effective = inherited if own is None else own
        if effective not in allowed:
            yield f"{name}: {path} is {effective!r}"


def _disallowed(name: str, spec: Mapping, table: Mapping[str, tuple]) -> Iterator[str]:
    for path, allowed in table.items():
        yield from (f"{name}: {path} is {value!r}" for value in values(spec, path) if value not in allowed)


def _root(name: str, spec: Mapping) -> Iterator[str]:
    if values(spec, "securityContext.runAsUser") == [0]:
        yield f"{name}: securityContext.runAsUser is 0"


def values(spec: Any, path: str) -> list:
    """All values at a dotted path; ``[]`` goes through a list.

    An absent field gives [None], an absent list [].
    """
    head, _, rest = path.partition(".")
    if head.endswith("[]"):
        items = (spec or {}).get(head[:-2]) or []
        return [value for item in items for value in values(item, rest)] if rest else list(items)
    value = (spec or {}).get(head)
    return values(value, rest) if rest else [value]
