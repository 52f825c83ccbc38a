"""The downward API: a Pod's own fields and its containers' resources, as text."""

import re
from dataclasses import dataclass
from math import ceil

from aks_flow.rehearsal.standins.kubernetes.kubelet.spec.errors import ContainerConfigError
from aks_flow.rehearsal.standins.kubernetes.schema import quantity

_SUBSCRIPT = re.compile(r"metadata\.(labels|annotations)\['([^']+)'\]")


@dataclass(frozen=True)
class PodFacts:
    """What is known about a pod's place beside its specification. allocatable: the node's, by resource."""

    pod_ip: str
    host_ip: str
    allocatable: dict[str, str]


def field(pod: dict, path: str, facts: PodFacts) -> str:
    """The value of a fieldRef; ContainerConfigError if there is no such field."""
    meta, spec = pod["metadata"], pod["spec"]
    if match := _SUBSCRIPT.fullmatch(path):
        return (meta.get(match[1]) or {}).get(match[2], "")
    known = {
        "metadata.name": meta["name"],
        "metadata.namespace": meta["namespace"],
        "metadata.uid": meta["uid"],
        "metadata.labels": _lines(meta.get("labels")),
        "metadata.annotations": _lines(meta.get("annotations")),
        "spec.nodeName": spec.get("nodeName", ""),
        "spec.serviceAccountName": spec.get("serviceAccountName", "default"),
        "status.hostIP": facts.host_ip,
        "status.hostIPs": facts.host_ip,
        "status.podIP": facts.pod_ip,
        "status.podIPs": facts.pod_ip,
    }
    if path not in known:
        raise ContainerConfigError(f"unsupported fieldPath: {path}")
    return known[path]


def resource(pod: dict, container_name: str, reference: dict, facts: PodFacts) -> str:
    """The value of a resourceFieldRef in units of its divisor, rounded up; no limit means the node's size."""
    containers = [*pod["spec"]["containers"], *pod["spec"].get("initContainers", ())]
    name = reference.get("containerName") or container_name
    container = next((entry for entry in containers if entry["name"] == name), None)
    if container is None:
        raise ContainerConfigError(f"container {name} not found")
    section, _, kind = reference["resource"].partition(".")
    amount = (container.get("resources", {}).get(section) or {}).get(kind)
    if amount is None:
        amount = facts.allocatable.get(kind, "0") if section == "limits" else "0"
    divisor = quantity.parse(reference.get("divisor") or "1") or 1
    return str(ceil(quantity.parse(amount) / divisor))


def _lines(values: dict | None) -> str:
    return "\n".join(f'{key}="{_escape(value)}"' for key, value in sorted((values or {}).items()))


def _escape(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
