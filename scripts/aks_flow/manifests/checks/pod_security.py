"""The Pod Security Standards "baseline" and "restricted", as tables of fields and the values they may have.

https://kubernetes.io/docs/concepts/security/pod-security-standards/ (None: the field is absent)
"""

from collections.abc import Iterator, Mapping

from aks_flow.core.config.checks import RESTRICTED
from aks_flow.manifests.checks.facts import ManifestFacts
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.view import FieldView

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

_HARMLESS = (  # capabilities that a container engine gives by itself
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "MKNOD",
    "NET_BIND_SERVICE",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
)

CONTAINER = BOTH | {
    "securityContext.privileged": (None, False),
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

# What only one of the two asks of a container.
BASELINE_CONTAINER = {
    "securityContext.seccompProfile.type": (None, *_PROFILES),
    "securityContext.capabilities.add[]": _HARMLESS,
}
RESTRICTED_CONTAINER = {
    "securityContext.allowPrivilegeEscalation": (False,),
    "securityContext.capabilities.add[]": ("NET_BIND_SERVICE",),
}
# What "restricted" asks of a container, or of its pod where the container says nothing.
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


def pod_security(facts: ManifestFacts) -> Findings:
    for workload in facts.workloads:
        for at, what in violations(workload.pod, facts.surroundings.policy):
            yield ManifestFinding("pod-security", workload.owner, at, what)


def violations(pod: FieldView, policy: str) -> Iterator[tuple[FieldView, str]]:
    """What a pod spec does that the standard of this name forbids: the place, and a sentence."""
    is_strict = policy == RESTRICTED
    yield from _disallowed("pod", pod, POD)
    if is_strict:
        yield from _root("pod", pod)
    yield from _volumes(pod, is_strict)
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        for container in pod[kind].items():
            yield from _container(container, pod, is_strict)


def _volumes(pod: FieldView, is_strict: bool) -> Iterator[tuple[FieldView, str]]:
    for volume in pod["volumes"].items():
        types = volume.keys - {"name"}
        if forbidden := sorted(types - VOLUMES if is_strict else types & {"hostPath"}):
            yield volume, f"volume {volume['name'].text} is of type {forbidden[0]}"


def _container(container: FieldView, pod: FieldView, is_strict: bool) -> Iterator[tuple[FieldView, str]]:
    name = f"container {container['name'].text}"
    own = RESTRICTED_CONTAINER if is_strict else BASELINE_CONTAINER
    yield from _disallowed(name, container, CONTAINER | own)
    if is_strict:
        yield from _beyond_baseline(name, container, pod)


def _beyond_baseline(name: str, container: FieldView, pod: FieldView) -> Iterator[tuple[FieldView, str]]:
    yield from _root(name, container)
    dropped = container.at("securityContext.capabilities.drop")
    if "ALL" not in [capability.value for capability in dropped.items()]:
        yield dropped, f"{name}: securityContext.capabilities.drop does not hold ALL"
    for path, allowed in EFFECTIVE.items():
        own = container.at(path)
        effective = own.value if own else pod.at(path).value
        if effective not in allowed:
            yield own, f"{name}: {path} is {effective!r}"


def _disallowed(name: str, spec: FieldView, table: Mapping[str, tuple]) -> Iterator[tuple[FieldView, str]]:
    for path, allowed in table.items():
        for value in values(spec, path):
            if value.value not in allowed:
                yield value, f"{name}: {path} is {value.value!r}"


def _root(name: str, spec: FieldView) -> Iterator[tuple[FieldView, str]]:
    user = spec.at("securityContext.runAsUser")
    if user.number == 0:
        yield user, f"{name}: securityContext.runAsUser is 0"


def values(spec: FieldView, path: str) -> list[FieldView]:
    """All values at a dotted path; ``[]`` goes through a list.

    An absent field gives an empty one, an absent list none.
    """
    head, is_list, rest = path.partition("[]")
    if not is_list:
        return [spec.at(path)]
    items = spec.at(head).items()
    return [item[rest.lstrip(".")] for item in items] if rest else items
