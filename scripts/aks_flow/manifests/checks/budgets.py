"""PodDisruptionBudgets: whom they protect, and whether a node can still be emptied."""

import math

from aks_flow.manifests.checks.autoscalers import KINDS
from aks_flow.manifests.checks.facts import Manifest, ManifestFacts, Workload
from aks_flow.manifests.checks.findings import Findings, ManifestFinding
from aks_flow.manifests.checks.view import FieldView


def disruption_budgets(facts: ManifestFacts) -> Findings:
    protected: dict[str, Manifest] = {}
    for budget in facts.of("PodDisruptionBudget"):
        selector = budget.spec["selector"]
        workloads = facts.selected(selector, budget)
        if not workloads:
            yield ManifestFinding("budget-selects", budget, selector, "selects no pods")
        for workload in workloads:
            key = f"{facts.namespace_of(budget)} {workload.where}"
            if (other := protected.setdefault(key, budget)) is not budget:
                what = f"{other.where} selects the pods of {workload.where} too: none of them can be evicted"
                yield ManifestFinding("budget-twice", budget, selector, what)
        yield from _blocking(facts, budget, workloads)


def _blocking(facts: ManifestFacts, budget: Manifest, workloads: list[Workload]) -> Findings:
    """Evictions are what a node's upgrade waits for."""
    count = _count(facts, workloads)
    most, least = budget.spec["maxUnavailable"], budget.spec["minAvailable"]
    if count == 0 or not workloads:
        return
    if most and _share(most, 100 if count is None else count) == 0:
        yield ManifestFinding(
            "budget-blocks", budget, most, f"maxUnavailable {most.value} lets no pod be evicted"
        )
    needed = _needed(least, count)
    if needed is not None and needed >= (count or 0):
        of = "" if count is None else f" of {count}"
        yield ManifestFinding(
            "budget-blocks", budget, least, f"minAvailable {least.value}{of} lets no pod be evicted"
        )


def _needed(least: FieldView, count: int | None) -> int | None:
    """How many pods must be there; None if that cannot be said, or nothing is asked."""
    if count is not None:
        return _share(least, count) if least else None
    return 100 if least.text == "100%" else None


def _share(amount: FieldView, count: int) -> int | None:
    """A number, or a share of the pods, rounded up as Kubernetes does; None if it is neither."""
    if amount.number is not None:
        return amount.number
    digits = amount.text.removesuffix("%")
    is_share = amount.text.endswith("%") and digits.isascii() and digits.isdigit()
    return math.ceil(int(digits[:9]) * count / 100) if is_share else None


def _count(facts: ManifestFacts, workloads: list[Workload]) -> int | None:
    """The fewest pods that the workloads have together; None if that depends on the nodes."""
    counts = [_fewest(facts, workload) for workload in workloads]
    return None if None in counts else sum(counts)


def _fewest(facts: ManifestFacts, workload: Workload) -> int | None:
    """An autoscaler's minimum if there is one."""
    for item in facts.of(*KINDS):
        reference = item.spec["scaleTargetRef"]
        same = (reference["kind"].text or "Deployment", reference["name"].text)
        if same == (workload.owner.kind, workload.owner.name) and facts.namespace_of(
            item
        ) == facts.namespace_of(workload.owner):
            low = item.spec["minReplicas"] or item.spec["minReplicaCount"]
            return 1 if low.number is None else low.number
    return workload.replicas()
