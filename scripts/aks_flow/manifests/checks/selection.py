"""Who selects whose pods: workloads their own, spreads and affinities some."""

from collections.abc import Iterator

from aks_flow.manifests.checks.facts import SERVING, ManifestFacts, Workload
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.selectors import matches, selects
from aks_flow.manifests.checks.view import FieldView

AFFINITIES = ("podAffinity", "podAntiAffinity")
TERMS = {
    "requiredDuringSchedulingIgnoredDuringExecution": "",
    "preferredDuringSchedulingIgnoredDuringExecution": "podAffinityTerm",
}


def selectors(facts: ManifestFacts) -> Findings:
    for workload in facts.workloads:
        selector = workload.owner.spec["selector"]
        if workload.owner.kind not in SERVING or _refers(workload):
            continue
        if not _selects(workload, workload):
            what = "its selector does not match the labels of its own pods"
            yield ManifestFinding("selector-own", workload.owner, selector, what)
        for other in facts.beside(workload.owner):
            if other.owner != workload.owner and _selects(workload, other):
                what = f"its selector matches the pods of {other.where}"
                yield ManifestFinding("selector-others", workload.owner, selector, what)


def _refers(workload: Workload) -> bool:
    """A Rollout may name a Deployment whose pods it makes."""
    return bool(workload.owner.spec["workloadRef"])


def _selects(workload: Workload, other: Workload) -> bool:
    selector = workload.owner.spec["selector"]
    if workload.owner.kind == "ReplicationController":  # a plain map, by default the pods' labels
        return selects(selector if selector else workload.template["metadata"]["labels"], other.labels)
    return matches(selector, other.labels)


def spreads(facts: ManifestFacts) -> Findings:
    """A spread counts the pods that its selector selects: without its own ones it spreads nothing."""
    for workload in facts.workloads:
        for spread in workload.pod["topologySpreadConstraints"].items():
            if not matches(spread["labelSelector"], workload.labels):
                what = f"its spread over {spread['topologyKey'].text} does not select its own pods"
                yield ManifestFinding("spread", workload.owner, spread["labelSelector"], what)


def affinities(facts: ManifestFacts) -> Findings:
    for workload in facts.workloads:
        for kind in AFFINITIES:
            for term in _terms(workload.pod["affinity"][kind]):
                elsewhere = term["namespaces"] or term["namespaceSelector"]
                selector = term["labelSelector"]
                if selector and not elsewhere and not facts.selected(selector, workload.owner):
                    what = f"its {kind} names pods that do not exist: {selector.value}"
                    yield ManifestFinding("affinity", workload.owner, selector, what)


def _terms(affinity: FieldView) -> Iterator[FieldView]:
    for key, inner in TERMS.items():
        yield from (item[inner] if inner else item for item in affinity[key].items())


def bare_pods(facts: ManifestFacts) -> Findings:
    for pod in facts.of("Pod"):
        yield ManifestFinding(
            "bare-pod", pod, pod.metadata, "is a pod that nothing puts back when its node goes"
        )
