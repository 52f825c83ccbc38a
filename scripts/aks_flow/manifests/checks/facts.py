"""The objects of one environment, indexed the way the rules ask for them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

POD_OWNERS = {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"}
CLUSTER_SCOPED = {"Namespace", "ClusterRole", "ClusterRoleBinding", "StorageClass", "PersistentVolume"}


@dataclass(frozen=True)
class ManifestFinding:
    """One thing that does not fit: the object it is in, and the sentence that says what."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class Workload:
    """An object that makes pods from a template."""

    name: str
    selector: Mapping | None
    labels: Mapping[str, str]
    pod: Mapping
    spec: Mapping

    def containers(self) -> Iterator[Mapping]:
        yield from self.pod.get("initContainers", [])
        yield from self.pod["containers"]

    def port_names(self) -> set[str]:
        return {port.get("name") for container in self.containers() for port in container.get("ports", [])}

    def ports(self) -> set[str | int]:
        """Every port by name and by number."""
        numbers = {
            port["containerPort"] for container in self.containers() for port in container.get("ports", [])
        }
        return numbers | self.port_names() - {None}


@dataclass(frozen=True)
class ManifestFacts:
    """objects: parsed manifests. routes: container name -> the paths it serves. secrets: name -> keys
    of the Secrets that are made outside the manifests."""

    objects: list[dict]
    routes: Mapping[str, Collection[str]] = field(default_factory=dict)
    secrets: Mapping[str, Collection[str]] = field(default_factory=dict)

    def of(self, *kinds: str) -> list[dict]:
        return [item for item in self.objects if item["kind"] in kinds]

    def named(self, kind: str, name: str) -> dict | None:
        return next((item for item in self.of(kind) if item["metadata"]["name"] == name), None)

    def workloads(self) -> list[Workload]:
        return [_workload(owner) for owner in self.of(*POD_OWNERS)]

    def selected(self, selector: Mapping | None) -> list[Workload]:
        """The workloads whose pods a label selector selects."""
        return [workload for workload in self.workloads() if matches(selector, workload.labels)]


def where(item: Mapping) -> str:
    return f"{item['kind']}/{item['metadata']['name']}"


def matches(selector: Mapping | None, labels: Mapping[str, str]) -> bool:
    """A LabelSelector (matchLabels, matchExpressions) against labels; None selects nothing, {} everything.

    https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
    """
    if selector is None:
        return False
    equal = all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())
    return equal and all(_holds(term, labels) for term in selector.get("matchExpressions", []))


def _holds(term: Mapping, labels: Mapping[str, str]) -> bool:
    key, values = term["key"], term.get("values", [])
    return {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }[term["operator"]]


def _workload(owner: Mapping) -> Workload:
    spec, template = owner["spec"], owner["spec"]["template"]
    labels = template.get("metadata", {}).get("labels", {})
    return Workload(where(owner), spec.get("selector"), labels, template["spec"], spec)
