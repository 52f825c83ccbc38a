"""The objects of one environment, indexed the way the rules ask for them."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from aks_flow.core.config.checks import RESTRICTED, AcceptedRule
from aks_flow.manifests.checks import kinds
from aks_flow.manifests.checks.selectors import matches, selects
from aks_flow.manifests.checks.view import FieldView

# Kinds whose pods run until they are stopped, and those whose pods come to an end.
SERVING = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Rollout")
PODS = (*SERVING, "Job", "CronJob", "Pod")
TEMPLATES = {"CronJob": "spec.jobTemplate.spec.template"}


@dataclass(frozen=True, eq=False)
class Manifest:
    """One manifest, itself and no equal one. namespace: "" if it names none."""

    view: FieldView

    @property
    def kind(self) -> str:
        return self.view["kind"].text

    @property
    def api_version(self) -> str:
        return self.view["apiVersion"].text

    @property
    def metadata(self) -> FieldView:
        return self.view["metadata"]

    @property
    def spec(self) -> FieldView:
        return self.view["spec"]

    @property
    def name(self) -> str:
        return self.metadata["name"].text

    @property
    def namespace(self) -> str:
        return self.metadata["namespace"].text

    @property
    def where(self) -> str:
        return f"{self.kind}/{self.name}"


@dataclass(frozen=True)
class Workload:
    """An object that makes pods, or is one. template: with the pods' metadata and spec."""

    owner: Manifest
    template: FieldView

    @property
    def where(self) -> str:
        return self.owner.where

    @property
    def pod(self) -> FieldView:
        return self.template["spec"]

    @property
    def labels(self) -> Mapping:
        return {key: value.value for key, value in self.template["metadata"]["labels"].fields()}

    @property
    def is_serving(self) -> bool:
        return self.owner.kind in SERVING

    @property
    def main_containers(self) -> list[FieldView]:
        return self.pod["containers"].items()

    @property
    def containers(self) -> list[FieldView]:
        return [*self.pod["initContainers"].items(), *self.main_containers]

    def ports(self, protocol: str = "TCP") -> set[str | int]:
        """Every port of a protocol by name and by number."""
        ports = [port for container in self.containers for port in container["ports"].items()]
        same = [port for port in ports if protocol_of(port) == protocol]
        numbers = {port["containerPort"].number for port in same}
        return ({port["name"].text for port in same} | numbers) - {"", None}

    def declares_port(self, name: str | int, protocol: str = "TCP") -> bool:
        """Whether it has the port. One that declares none at all may listen at any number."""
        is_open = isinstance(name, int) and not any(box["ports"].items() for box in self.containers)
        return is_open or name in self.ports(protocol)

    def replicas(self) -> int | None:
        """How many pods it asks for; None of a kind that has as many as there are nodes."""
        if self.owner.kind == "DaemonSet":
            return None
        number = self.owner.spec["replicas"].number
        return 1 if number is None else number


def protocol_of(port: FieldView) -> str:
    return port["protocol"].text or "TCP"


@dataclass(frozen=True)
class Surroundings:
    """What the manifests of an environment do not say themselves.

    namespace: the environment's; "" if the manifests alone decide.
    others: namespace -> environment, of the other environments.
    made_elsewhere: kind -> name -> keys, of objects that something else makes.
    mounted_by: SecretProviderClass -> the ServiceAccounts that may read by it, of those made elsewhere.
    policy: how hardened pods must be. accept: the findings that the project accepts.
    """

    namespace: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    made_elsewhere: Mapping[str, Mapping[str, Collection[str]]] = field(default_factory=dict)
    mounted_by: Mapping[str, Collection[str]] = field(default_factory=dict)
    policy: str = RESTRICTED
    accept: tuple[AcceptedRule, ...] = ()


@dataclass(frozen=True, eq=False)
class ManifestFacts:
    objects: list[Manifest]
    surroundings: Surroundings

    def of(self, *names: str) -> list[Manifest]:
        """The objects of these kinds; another group's kind of the same name is another kind."""
        return [item for item in self._known if item.kind in names]

    def named(self, kind: str, name: str, near: Manifest) -> Manifest | None:
        """The object of that kind and name in the namespace of another."""
        space = self.namespace_of(near)
        same = (item for item in self.of(kind) if item.name == name)
        return next((item for item in same if self.namespace_of(item) == space), None)

    def exists(self, kind: str, name: str, near: Manifest) -> bool:
        """Whether the manifests have it, or something else makes it."""
        return name in self.made_elsewhere(kind) or self.named(kind, name, near) is not None

    def made_elsewhere(self, kind: str) -> Mapping[str, Collection[str]]:
        return self.surroundings.made_elsewhere.get(kind, {})

    def namespace_of(self, item: Manifest) -> str:
        """Where it goes: an object that names no namespace goes to the environment's."""
        return item.namespace or self.surroundings.namespace

    @cached_property
    def workloads(self) -> list[Workload]:
        return [_workload(owner) for owner in self.of(*PODS)]

    def beside(self, near: Manifest) -> Iterator[Workload]:
        """The workloads in the namespace of an object."""
        space = self.namespace_of(near)
        return (workload for workload in self.workloads if self.namespace_of(workload.owner) == space)

    def selected(self, selector: FieldView, near: Manifest) -> list[Workload]:
        """The workloads in the namespace of an object whose pods a label selector selects."""
        return [workload for workload in self.beside(near) if matches(selector, workload.labels)]

    def served(self, service: Manifest) -> list[Workload]:
        """The workloads whose pods a Service selects; none if it has no selector."""
        selector = service.spec["selector"]
        if not selector.fields():
            return []
        return [workload for workload in self.beside(service) if selects(selector, workload.labels)]

    @cached_property
    def _known(self) -> list[Manifest]:
        return [item for item in self.objects if kinds.is_of(item.api_version, item.kind)]


def facts_of(objects: Iterable, surroundings: Surroundings) -> ManifestFacts:
    """objects: parsed manifests, as `yaml` gives them."""
    return ManifestFacts([Manifest(FieldView(item)) for item in objects], surroundings)


def _workload(owner: Manifest) -> Workload:
    if owner.kind == "Pod":
        return Workload(owner, owner.view)
    return Workload(owner, owner.view.at(TEMPLATES.get(owner.kind, "spec.template")))
