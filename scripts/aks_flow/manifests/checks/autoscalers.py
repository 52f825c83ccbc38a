"""HorizontalPodAutoscalers, and KEDA's ScaledObjects, which make one: what they scale, and by what."""

from dataclasses import dataclass

from aks_flow.manifests.checks.facts import PODS, Manifest, ManifestFacts, Workload
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.kinds import is_of
from aks_flow.manifests.checks.view import FieldView

KINDS = ("HorizontalPodAutoscaler", "ScaledObject")
DEFAULT = FieldView([{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization"}}}])


@dataclass(frozen=True)
class ScalerTarget:
    """An autoscaler and what it names. api_version: "" if it names none and nothing stands for it."""

    object: Manifest
    reference: FieldView
    api_version: str
    kind: str
    name: str

    @property
    def named(self) -> str:
        return f"{self.api_version} {self.kind}/{self.name}".strip()


def autoscalers(facts: ManifestFacts) -> Findings:
    scaled: dict[str, Manifest] = {}
    for item in facts.of(*KINDS):
        scaler = _scaler(item)
        target = facts.named(scaler.kind, scaler.name, item)
        yield from _target(scaler, target)
        yield from _bounds(item)
        if target is None:
            continue
        key = f"{facts.namespace_of(item)} {target.where}"
        if (other := scaled.setdefault(key, item)) is not item:
            yield ManifestFinding(
                "autoscaler-twice", item, scaler.reference, f"{other.where} scales {target.where} too"
            )
        yield from _fixed(scaler, target)
        yield from _metrics(facts, item, target)


def _scaler(item: Manifest) -> ScalerTarget:
    reference = item.spec["scaleTargetRef"]
    version, kind, name = (reference[key].text for key in ("apiVersion", "kind", "name"))
    if item.kind == "ScaledObject":
        version, kind = version or "apps/v1", kind or "Deployment"
    return ScalerTarget(item, reference, version, kind, name)


def _target(scaler: ScalerTarget, target: Manifest | None) -> Findings:
    """Other kinds than those that make pods may be of an operator: they cannot be seen from here."""
    where = (scaler.object, scaler.reference)
    if target and not scaler.api_version:
        yield ManifestFinding(
            "autoscaler-target", *where, f"names {scaler.named} without its apiVersion, and so finds none"
        )
    elif _is_another(scaler, target):
        yield ManifestFinding("autoscaler-target", *where, f"scales {scaler.named}, which does not exist")


def _is_another(scaler: ScalerTarget, target: Manifest | None) -> bool:
    if target:
        return target.api_version != scaler.api_version
    return scaler.kind in PODS or is_of(scaler.api_version, scaler.kind)


def _bounds(item: Manifest) -> Findings:
    names = (
        ("minReplicaCount", "maxReplicaCount")
        if item.kind == "ScaledObject"
        else ("minReplicas", "maxReplicas")
    )
    low, high = (item.spec[name] for name in names)
    lowest = 1 if low.number is None else low.number
    if high.number is not None and lowest > high.number:
        yield ManifestFinding("autoscaler-bounds", item, low, f"{names[0]} is above {names[1]}")


def _fixed(scaler: ScalerTarget, target: Manifest) -> Findings:
    if target.spec["replicas"].number is not None:
        what = f"{target.where} sets replicas: every apply would undo the autoscaler's work"
        yield ManifestFinding("autoscaler-replicas", scaler.object, scaler.reference, what)


def _metrics(facts: ManifestFacts, item: Manifest, target: Manifest) -> Findings:
    workload = next((workload for workload in facts.workloads if workload.owner == target), None)
    if workload is None or not workload.main_containers or item.kind == "ScaledObject":
        return
    for metric in (item.spec["metrics"] if _has_metrics(item) else DEFAULT).items():
        yield from _resource(item, metric["resource"], workload.main_containers)
        yield from _container_resource(item, metric["containerResource"], workload)
    percentage = item.spec["targetCPUUtilizationPercentage"]
    if percentage:
        yield from (
            _unmeasured(item, percentage, "cpu", box)
            for box in workload.main_containers
            if _lacks(box, "cpu")
        )


def _has_metrics(item: Manifest) -> bool:
    return bool(item.spec["metrics"].items() or item.spec["targetCPUUtilizationPercentage"])


def _resource(item: Manifest, resource: FieldView, containers: list[FieldView]) -> Findings:
    """Utilization is a share of the request: a container without one cannot be measured."""
    if resource["target"]["type"].text == "Utilization":
        name = resource["name"].text
        at = resource if item.spec["metrics"].items() else item.spec
        yield from (_unmeasured(item, at, name, box) for box in containers if _lacks(box, name))


def _container_resource(item: Manifest, resource: FieldView, workload: Workload) -> Findings:
    if not resource:
        return
    name = resource["container"].text
    boxes = [box for box in workload.containers if box["name"].text == name]
    if not boxes:
        what = f"measures container {name}, which {workload.where} does not have"
        yield ManifestFinding("autoscaler-metric", item, resource["container"], what)
    yield from _resource(item, resource, boxes)


def _lacks(container: FieldView, resource: str) -> bool:
    """A limit stands for the request that is not there."""
    resources = container["resources"]
    return not (resources["requests"][resource] or resources["limits"][resource])


def _unmeasured(item: Manifest, at: FieldView, resource: str, container: FieldView) -> ManifestFinding:
    what = f"needs requests.{resource}, which container {container['name'].text} does not have"
    return ManifestFinding("autoscaler-metric", item, at, what)
