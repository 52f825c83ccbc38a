"""What a delivery waits for: the workloads and Services that it applied, as the server stored them."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

ROLLS_OUT = ("Deployment", "StatefulSet", "DaemonSet", "Job")


@dataclass(frozen=True)
class GoalTarget:
    """One workload.

    generation: what the server counted after the delivery's write; what it observed before does not count.
    template: the pod template that was stored, whose images must stay; None for whatever the cluster has.
    uid: the object's, "" for whichever has the name.
    floor: how many pods an autoscaler gives it at least, 0 without one.
    replicas: how many it was stored with, 0 for a kind that has no number or what the cluster has.
    """

    kind: str
    name: str
    generation: int = 0
    template: dict | None = field(default=None, hash=False)
    uid: str = ""
    floor: int = 0
    replicas: int = 0

    @property
    def ref(self) -> str:
        return f"{self.kind.lower()}/{self.name}"


@dataclass(frozen=True)
class RolloutGoal:
    """services: the names of those that must get a ready endpoint.

    tolerant: whether what can heal has until the deadline. restores: whether it is what ran before.
    promised: names of its Secrets and ConfigMaps, and all words of its custom objects: they name what comes.
    """

    namespace: str
    targets: tuple[GoalTarget, ...]
    services: tuple[str, ...] = ()
    tolerant: bool = False
    restores: bool = False
    promised: frozenset[str] = frozenset()

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(target.kind for target in self.targets)

    def without_services(self) -> "RolloutGoal":
        """The workloads alone: what their Services select may come later."""
        return replace(self, services=())


def standing_goal(namespace: str, objects: Iterable[dict]) -> RolloutGoal:
    """The goal that what the cluster has of these ``objects`` is healthy, whoever applied it."""
    items = list(objects)
    workloads = [item for item in items if _is_to_run(item)]
    targets = (GoalTarget(item["kind"], item["metadata"]["name"]) for item in workloads)
    return _goal(namespace, targets, items)


def applied_goal(namespace: str, stored: Iterable[dict]) -> RolloutGoal:
    """The goal of a delivery whose write left the objects ``stored``."""
    items = list(stored)
    targets = (_target(item) for item in items if _is_to_run(item))
    return _goal(namespace, targets, items)


def _goal(namespace: str, targets: Iterable[GoalTarget], items: list[dict]) -> RolloutGoal:
    services, promised = tuple(_to_be_served(items)), _promised(items)
    return RolloutGoal(namespace, _scaled(targets, items), services, promised=promised)


def _promised(items: list[dict]) -> frozenset[str]:
    own = (item["metadata"]["name"] for item in items if item["kind"] in ("Secret", "ConfigMap"))
    custom = [item for item in items if re.match(r"[^/]*\.[^/]*(?<!\.k8s\.io)/", item.get("apiVersion", ""))]
    return frozenset((*own, *re.findall(r'"([^"\\]+)"', json.dumps(custom))))


def _is_to_run(item: dict) -> bool:
    """Whether it rolls out; a Job that its manifest suspends waits for somebody to start it."""
    return item["kind"] in ROLLS_OUT and not (item["kind"] == "Job" and item["spec"].get("suspend"))


def _scaled(targets: Iterable[GoalTarget], items: list[dict]) -> tuple[GoalTarget, ...]:
    """The targets with what the autoscalers among the objects give them at least."""
    scalers = [item["spec"] for item in items if item["kind"] == "HorizontalPodAutoscaler"]
    floors = {
        (spec["scaleTargetRef"]["kind"], spec["scaleTargetRef"]["name"]): spec.get("minReplicas") or 1
        for spec in scalers
    }
    return tuple(replace(target, floor=floors.get((target.kind, target.name), 0)) for target in targets)


def _target(item: dict) -> GoalTarget:
    metadata, template = item["metadata"], item["spec"].get("template")
    generation, uid = metadata.get("generation", 0), metadata.get("uid", "")
    replicas = item["spec"].get("replicas", 0)
    return GoalTarget(item["kind"], metadata["name"], generation, template, uid, replicas=replicas)


def _to_be_served(items: list[dict]) -> Iterable[str]:
    """Services that must find pods: with a selector, unless all that they select is scaled to none."""
    for item in items:
        selector = item["spec"].get("selector") if item["kind"] == "Service" else None
        if selector and not _idle(items, selector):
            yield item["metadata"]["name"]


def _idle(items: list[dict], selector: dict) -> bool:
    workloads = [item for item in items if item["kind"] in ROLLS_OUT]
    selected = [item for item in workloads if selector.items() <= _labels(item).items()]
    return bool(selected) and all(item["spec"].get("replicas", 1) == 0 for item in selected)


def _labels(item: dict) -> dict:
    return item["spec"]["template"].get("metadata", {}).get("labels") or {}
