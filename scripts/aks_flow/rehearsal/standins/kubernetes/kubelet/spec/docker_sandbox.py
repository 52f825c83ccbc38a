"""The container that holds a pod's address, hostname and shared namespaces."""

from aks_flow.rehearsal.standins.kubernetes.kubelet import naming

_MAX_HOSTNAME = 63


def hostname(pod: dict) -> str:
    """spec.hostname, or the pod's name cut to what a hostname may be."""
    name = pod["spec"].get("hostname") or pod["metadata"]["name"]
    return name[:_MAX_HOSTNAME].rstrip("-.")


def config(
    pod: dict, *, rehearsal_id: str, image: str, address: str, attempt: int, mounts: list[dict]
) -> dict:
    """The body of Docker's ``POST /containers/create`` for a sandbox with a fixed address."""
    network = naming.network_name(rehearsal_id)
    return {
        "Image": image,
        "Entrypoint": ["sleep", "infinity"],
        "Cmd": [],
        "User": "0:0",
        "Hostname": hostname(pod),
        "Healthcheck": {"Test": ["NONE"]},
        "Labels": naming.labels(rehearsal_id, pod, naming.SANDBOX, attempt),
        "HostConfig": {
            "NetworkMode": network,
            "IpcMode": "shareable",
            "Mounts": mounts,
            "ReadonlyRootfs": True,
            "LogConfig": {"Type": "none"},
        },
        "NetworkingConfig": {
            "EndpointsConfig": {network: {"IPAMConfig": {"IPv4Address": address}}},
        },
    }
