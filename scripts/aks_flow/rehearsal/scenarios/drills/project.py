"""What a project has that a fault can be made in. Pure."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from aks_flow.core.config import Config
from aks_flow.core.config.render import KUSTOMIZE
from aks_flow.core.image_ref import ImageRef
from aks_flow.rehearsal.scenarios.drills.faults import FaultyContainer


@dataclass(frozen=True)
class DrilledProject:
    """answering: the container that answers, in a Deployment. stateful: one of a StatefulSet. None for none.

    needed: the StatefulSet without which the app is not ready, "" if none is known to be. has_shell: whether
    the answering container has one. can_be_patched: whether a commit can patch an environment's objects.
    image: which of the project's own images the answering container runs, "" for none.
    """

    answering: FaultyContainer | None
    stateful: FaultyContainer | None
    needed: str
    has_shell: bool
    can_be_patched: bool
    image: str


def by_configuration(config: Config) -> DrilledProject:
    """As far as the configuration tells, before anything is delivered: what it does not tell is there."""
    any_container = FaultyContainer("", "", "")
    patched = config.app.render.kind == KUSTOMIZE
    return DrilledProject(any_container, any_container, config.rehearsal.away, True, patched, "any")


def read(objects: Iterable[Mapping], config: Config, has_shell: Callable[[str], bool]) -> DrilledProject:
    """From the objects of an environment that was delivered to. has_shell: whether an image has one."""
    items = list(objects)
    deployment, stateful = _answering(items, config), next(iter(_of_kind(items, "StatefulSet")), None)
    container = deployment and _container(deployment, config.app.built_images)
    return DrilledProject(
        container and _place(deployment, container),
        stateful and _place(stateful, _container(stateful, ())),
        _needed(items, config.rehearsal.away),
        bool(container) and has_shell(container["image"]),
        config.app.render.kind == KUSTOMIZE,
        _own_image(container, config.app.built_images) if container else "",
    )


def _of_kind(items: list[Mapping], kind: str) -> list[Mapping]:
    return [item for item in items if item["kind"] == kind]


def _answering(items: list[Mapping], config: Config) -> Mapping | None:
    """The first Deployment that the contract's Service selects; without a Service, the app's or the first."""
    deployments, selector = _of_kind(items, "Deployment"), _selector(items, config.contract.service)
    selected = [item for item in deployments if selector and selector.items() <= _labels(item).items()]
    named = [item for item in deployments if item["metadata"]["name"] == config.app.name]
    return next(iter([*selected, *named, *deployments]), None)


def _selector(items: list[Mapping], service: str) -> Mapping[str, str]:
    services = (item for item in _of_kind(items, "Service") if item["metadata"]["name"] == service)
    return next((item["spec"].get("selector") or {} for item in services), {})


def _labels(workload: Mapping) -> Mapping[str, str]:
    return workload["spec"]["template"]["metadata"].get("labels") or {}


def _container(workload: Mapping, images: Collection[str]) -> Mapping:
    """The first container that runs one of the images, or else the first."""
    containers = workload["spec"]["template"]["spec"]["containers"]
    own = (item for item in containers if any(_is_of(item["image"], name) for name in images))
    return next(own, containers[0])


def _own_image(container: Mapping, images: Collection[str]) -> str:
    return next((name for name in images if _is_of(container["image"], name)), "")


def _is_of(image: str, name: str) -> bool:
    return f"/{ImageRef.parse(image).repository}".endswith(f"/{name}")


def _place(workload: Mapping, container: Mapping) -> FaultyContainer:
    return FaultyContainer(workload["kind"], workload["metadata"]["name"], container["name"])


def _needed(items: list[Mapping], name: str) -> str:
    present = {item["metadata"]["name"] for item in _of_kind(items, "StatefulSet")}
    return name if name in present else ""
