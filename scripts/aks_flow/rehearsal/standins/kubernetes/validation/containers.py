"""A pod's containers."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation.causes import duplicate, invalid, required
from aks_flow.rehearsal.standins.kubernetes.validation.checks import (
    matches,
    named,
    one_of,
    port,
    unique_names,
)
from aks_flow.rehearsal.standins.kubernetes.validation.probes import none_allowed, probes
from aks_flow.rehearsal.standins.kubernetes.validation.resources import resources
from aks_flow.rehearsal.standins.kubernetes.validation.security import container_security
from aks_flow.rehearsal.standins.kubernetes.validation.variables import variables
from aks_flow.rehearsal.standins.kubernetes.validation.volumes import mounts


def containers(path: str, spec: dict, mountable: set[str]) -> Iterator[Cause]:
    """path: of the pod's spec. Init containers and containers share one set of names."""
    if not spec.get("containers"):
        yield required(f"{path}.containers")
    seen: set[str] = set()
    for field in ("containers", "initContainers"):
        for index, container in enumerate(spec.get(field) or ()):
            at = f"{path}.{field}[{index}]"
            yield from _container(at, container, mountable)
            if field == "initContainers" and container.get("restartPolicy") != "Always":
                yield from none_allowed(at, container)
            name = container.get("name", "")
            if name and name in seen:
                yield duplicate(f"{at}.name", name)
            seen.add(name)
    yield from _host_ports(f"{path}.containers", spec)


def _host_ports(path: str, spec: dict) -> Iterator[Cause]:
    """A pod takes a port of its node once."""
    taken = set()
    for number, container in enumerate(spec.get("containers") or ()):
        for index, item in enumerate(container.get("ports") or ()):
            at, host_port = f"{path}[{number}].ports[{index}]", item.get("hostPort") or 0
            key = f"{item.get('protocol')}/{item.get('hostIP') or ''}/{host_port}"
            if host_port and key in taken:
                yield duplicate(f"{at}.hostPort", key)
            taken.add(key)
            if spec.get("hostNetwork") and host_port != item.get("containerPort"):
                text = "must match `hostPort` when `hostNetwork` is true"
                yield invalid(f"{at}.containerPort", item.get("containerPort"), text)


def _container(path: str, container: dict, mountable: set[str]) -> Iterator[Cause]:
    yield from named(f"{path}.name", container.get("name"), grammar.label)
    yield from image(f"{path}.image", container.get("image") or "")
    yield from one_of(
        f"{path}.imagePullPolicy", container.get("imagePullPolicy"), "Always", "IfNotPresent", "Never"
    )
    policy = container.get("terminationMessagePolicy")
    yield from one_of(f"{path}.terminationMessagePolicy", policy, "FallbackToLogsOnError", "File")
    yield from _ports(f"{path}.ports", container.get("ports") or [])
    yield from variables(path, container)
    yield from mounts(f"{path}.volumeMounts", container, mountable)
    yield from resources(f"{path}.resources", container.get("resources") or {})
    yield from probes(path, container)
    yield from container_security(f"{path}.securityContext", container.get("securityContext") or {})


def image(path: str, text: str) -> Iterator[Cause]:
    if not text:
        yield required(path)
    elif text != text.strip():
        yield invalid(path, text, "must not have leading or trailing whitespace")


def _ports(path: str, ports: list[dict]) -> Iterator[Cause]:
    yield from unique_names(path, ports)
    for index, item in enumerate(ports):
        at = f"{path}[{index}]"
        if item.get("name"):
            yield from matches(f"{at}.name", item["name"], grammar.port_name)
        if item.get("containerPort"):
            yield from port(f"{at}.containerPort", item["containerPort"])
        else:
            yield required(f"{at}.containerPort")
        if item.get("hostPort"):
            yield from port(f"{at}.hostPort", item["hostPort"])
        yield from one_of(f"{at}.protocol", item.get("protocol"), "SCTP", "TCP", "UDP")
