"""What a delivery waits for: the workloads and Services that it brought, as the server stored them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

ROLLS_OUT = ("Deployment", "StatefulSet", "DaemonSet", "Job")


@dataclass(frozen=True)
class Target:
    """One workload.

    generation: what the server counted after the delivery's write; what it observed before does not count.
    template: the pod template that was stored, whose images must stay; None for whatever the cluster has.
    """

    kind: str
    name: str
    generation: int = 0
    template: dict | None = field(default=None, hash=False)

    @property
    def ref(self) -> str:
        return f"{self.kind.lower()}/{self.name}"


@dataclass(frozen=True)
class Goal:
    """services: the names of those that must get a ready endpoint."""

    namespace: str
    targets: tuple[Target, ...]
    services: tuple[str, ...] = ()

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(target.kind for target in self.targets)

    def without_services(self) -> "Goal":
        """The workloads alone: what their Services select may come later."""
        return replace(self, services=())


def standing(namespace: str, objects: Iterable[dict]) -> Goal:
    """The goal that what the cluster has of these ``objects`` is well, whoever brought it."""
    found = list(objects)
    targets = [Target(item["kind"], item["metadata"]["name"]) for item in found if item["kind"] in ROLLS_OUT]
    return Goal(namespace, tuple(targets), tuple(_served(found)))


def applied(namespace: str, stored: Iterable[dict]) -> Goal:
    """The goal of a delivery whose write left the objects ``stored``."""
    objects = list(stored)
    targets = [_target(item) for item in objects if item["kind"] in ROLLS_OUT]
    return Goal(namespace, tuple(targets), tuple(_served(objects)))


def _target(item: dict) -> Target:
    metadata, template = item["metadata"], item["spec"].get("template")
    return Target(item["kind"], metadata["name"], metadata.get("generation", 0), template)


def _served(objects: list[dict]) -> Iterable[str]:
    """Services that must find pods: with a selector, unless all that they select is scaled to none."""
    for item in objects:
        selector = item["spec"].get("selector") if item["kind"] == "Service" else None
        if selector and not _idle(objects, selector):
            yield item["metadata"]["name"]


def _idle(objects: list[dict], selector: dict) -> bool:
    labelled = [
        item for item in objects if item["kind"] in ROLLS_OUT and selector.items() <= _labels(item).items()
    ]
    return bool(labelled) and all(item["spec"].get("replicas", 1) == 0 for item in labelled)


def _labels(item: dict) -> dict:
    return item["spec"]["template"].get("metadata", {}).get("labels") or {}
