"""/etc/hosts of each pod: its own name, and every Service by the names Kubernetes' DNS would give."""

import os
from collections.abc import Callable
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes.kubelet.network.routes import key, slices_by_service
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.docker_sandbox import hostname

_DOMAIN = "cluster.local"
_OWN = """\
# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
"""


def render(pod: dict, address: str, services: list[dict], slices: list[dict]) -> str:
    """The whole file for one pod."""
    lines = [f"{address}\t{_own_names(pod)}"]
    for alias in pod["spec"].get("hostAliases") or ():
        lines.append(f"{alias['ip']}\t{' '.join(alias.get('hostnames') or ())}")
    by_service = slices_by_service(slices)
    for service in services:
        lines += _service_lines(service, by_service.get(key(service), []), pod["metadata"]["namespace"])
    return _OWN + "\n".join(lines) + "\n"


def _own_names(pod: dict) -> str:
    name, subdomain = hostname(pod), pod["spec"].get("subdomain")
    if not subdomain:
        return name
    return f"{name}.{subdomain}.{pod['metadata']['namespace']}.svc.{_DOMAIN} {name}"


def _service_lines(service: dict, slices: list[dict], viewer: str) -> list[str]:
    names = _names(service["metadata"]["name"], service["metadata"]["namespace"], viewer)
    address = service["spec"].get("clusterIP")
    if address == "None":
        return _headless_lines(service, slices, viewer, names)
    return [f"{address}\t{names}"] if address else []


def _headless_lines(service: dict, slices: list[dict], viewer: str, names: str) -> list[str]:
    lines = []
    for endpoint in (
        endpoint for endpoint_slice in slices for endpoint in endpoint_slice.get("endpoints") or ()
    ):
        if (endpoint.get("conditions") or {}).get("ready", True):
            own = endpoint.get("hostname")
            governed = f"{own}.{service['metadata']['name']}" if own else ""
            more = _names(governed, service["metadata"]["namespace"], viewer) if own else ""
            lines += [f"{address}\t{names} {more}".rstrip() for address in endpoint["addresses"]]
    return lines


def _names(name: str, namespace: str, viewer: str) -> str:
    stem = f"{name}.{namespace}"
    short = f"{name} " if namespace == viewer else ""
    return f"{short}{stem} {stem}.svc {stem}.svc.{_DOMAIN}"


class HostsFiles:
    """The files of the pods on this node. facts(): Services and EndpointSlices as they are now."""

    def __init__(self, directory: Path, facts: Callable[[], tuple[list[dict], list[dict]]]):
        self._directory, self._facts = directory, facts
        self._pods: dict[str, tuple[dict, str]] = {}

    def path(self, pod: dict) -> Path:
        return self._directory / pod["metadata"]["uid"] / "etc-hosts"

    def write(self, pod: dict, address: str) -> None:
        """Write a pod's file, and keep it current from now on."""
        self._pods[pod["metadata"]["uid"]] = (pod, address)
        self._write(pod, address, *self._facts())

    def forget(self, pod: dict) -> None:
        self._pods.pop(pod["metadata"]["uid"], None)

    def refresh(self) -> None:
        """The Services or their endpoints changed."""
        services, slices = self._facts()
        for pod, address in self._pods.values():
            self._write(pod, address, services, slices)

    def _write(self, pod: dict, address: str, services: list[dict], slices: list[dict]) -> None:
        path = self.path(pod)
        text = render(pod, address, services, slices).encode()
        if path.exists() and path.read_bytes() == text:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        # In place, in one write: containers have this very file mounted.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            os.write(descriptor, text)
            os.ftruncate(descriptor, len(text))
        finally:
            os.close(descriptor)
