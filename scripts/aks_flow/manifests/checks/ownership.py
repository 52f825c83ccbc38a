"""Who looks after whom: selectors, autoscalers, disruption budgets, the namespace."""

from collections import Counter
from collections.abc import Iterator, Mapping

from aks_flow.manifests.checks.facts import CLUSTER_SCOPED, ManifestFacts, ManifestFinding, matches, where

LEVEL = "pod-security.kubernetes.io/enforce"
UNSEEN = ("Pod", "Job", "CronJob", "ReplicationController")


def selectors(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    for workload in facts.workloads():
        if not matches(workload.selector, workload.labels):
            yield ManifestFinding(workload.name, "its selector does not match the labels of its own pods")
        for other in facts.selected(workload.selector):
            if other.name != workload.name:
                yield ManifestFinding(workload.name, f"its selector matches the pods of {other.name}")


def unseen(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    """Pods that no rule looks at must not pass for pods that are in order."""
    for item in facts.of(*UNSEEN):
        yield ManifestFinding(where(item), "makes pods of a kind that these checks do not look at")


def autoscalers(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    for scaler in facts.of("HorizontalPodAutoscaler"):
        yield from (ManifestFinding(where(scaler), text) for text in _autoscaler(facts, scaler["spec"]))


def _autoscaler(facts: ManifestFacts, spec: Mapping) -> Iterator[str]:
    reference = spec["scaleTargetRef"]
    target = facts.named(reference["kind"], reference["name"])
    if target is None or target["apiVersion"] != reference["apiVersion"]:
        named = f"{reference['apiVersion']} {reference['kind']}/{reference['name']}"
        yield f"scales {named}, which does not exist"
        return
    if "replicas" in target["spec"]:
        yield f"{where(target)} sets replicas: every apply would undo the autoscaler's work"
    if spec.get("minReplicas", 1) > spec["maxReplicas"]:
        yield "minReplicas is above maxReplicas"
    yield from _unmeasurable(spec, target)


def _unmeasurable(spec: Mapping, target: Mapping) -> Iterator[str]:
    """Utilization is a share of the request: a container without one cannot be measured."""
    for metric in spec.get("metrics", []):
        resource = metric.get("resource", {})
        if resource.get("target", {}).get("type") != "Utilization":
            continue
        for container in target["spec"]["template"]["spec"]["containers"]:
            if resource["name"] not in container.get("resources", {}).get("requests", {}):
                yield f"needs requests.{resource['name']}, which container {container['name']} does not have"


def disruption_budgets(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    for budget in facts.of("PodDisruptionBudget"):
        if not facts.selected(budget["spec"].get("selector")):
            yield ManifestFinding(where(budget), "selects no pods")


def names(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    seen = Counter((item["apiVersion"], where(item)) for item in facts.objects)
    yield from (
        ManifestFinding(name, "is defined more than once") for (_, name), count in seen.items() if count > 1
    )


def namespace(facts: ManifestFacts) -> Iterator[ManifestFinding]:
    """All objects are in the one namespace that the manifests define, and it enforces "restricted"."""
    defined = {item["metadata"]["name"] for item in facts.of("Namespace")}
    for item in facts.objects:
        own = item["metadata"].get("namespace", "default")
        if item["kind"] not in CLUSTER_SCOPED and own not in defined:
            yield ManifestFinding(where(item), f"is in namespace {own}, which the manifests do not define")
    for item in facts.of("Namespace"):
        if item["metadata"].get("labels", {}).get(LEVEL) != "restricted":
            yield ManifestFinding(where(item), f"does not have the label {LEVEL}: restricted")
