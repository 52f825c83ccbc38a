"""Who looks after whom: selectors, autoscalers, disruption budgets, the namespace."""

from collections import Counter
from collections.abc import Iterator, Mapping

from aks_flow.manifests.checks.facts import CLUSTER_SCOPED, Facts, Finding, matches, where

LEVEL = "pod-security.kubernetes.io/enforce"
UNSEEN = ("Pod", "Job", "CronJob", "ReplicationController")


def selectors(facts: Facts) -> Iterator[Finding]:
    for workload in facts.workloads():
        if not matches(workload.selector, workload.labels):
            yield Finding(workload.name, "its selector does not match the labels of its own pods")
        for other in facts.selected(workload.selector):
            if other.name != workload.name:
                yield Finding(workload.name, f"its selector matches the pods of {other.name}")


def unseen(facts: Facts) -> Iterator[Finding]:
    """Pods that no rule looks at must not pass for pods that are in order."""
    for found in facts.of(*UNSEEN):
        yield Finding(where(found), "makes pods of a kind that these checks do not look at")


def autoscalers(facts: Facts) -> Iterator[Finding]:
    for scaler in facts.of("HorizontalPodAutoscaler"):
        yield from (Finding(where(scaler), text) for text in _autoscaler(facts, scaler["spec"]))


def _autoscaler(facts: Facts, spec: Mapping) -> Iterator[str]:
    reference = spec["scaleTargetRef"]
    target = facts.named(reference["kind"], reference["name"])
    if target is None or target["apiVersion"] != reference["apiVersion"]:
        wanted = f"{reference['apiVersion']} {reference['kind']}/{reference['name']}"
        yield f"scales {wanted}, which does not exist"
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


def disruption_budgets(facts: Facts) -> Iterator[Finding]:
    for budget in facts.of("PodDisruptionBudget"):
        if not facts.selected(budget["spec"].get("selector")):
            yield Finding(where(budget), "selects no pods")


def names(facts: Facts) -> Iterator[Finding]:
    seen = Counter((found["apiVersion"], where(found)) for found in facts.objects)
    yield from (Finding(name, "is defined more than once") for (_, name), count in seen.items() if count > 1)


def namespace(facts: Facts) -> Iterator[Finding]:
    """All objects are in the one namespace that the manifests define, and it enforces "restricted"."""
    defined = {found["metadata"]["name"] for found in facts.of("Namespace")}
    for found in facts.objects:
        own = found["metadata"].get("namespace", "default")
        if found["kind"] not in CLUSTER_SCOPED and own not in defined:
            yield Finding(where(found), f"is in namespace {own}, which the manifests do not define")
    for found in facts.of("Namespace"):
        if found["metadata"].get("labels", {}).get(LEVEL) != "restricted":
            yield Finding(where(found), f"does not have the label {LEVEL}: restricted")
