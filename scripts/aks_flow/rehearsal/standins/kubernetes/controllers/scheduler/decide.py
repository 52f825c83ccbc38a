"""Where a pod goes, or why it goes nowhere. Pure; the words are the Kubernetes scheduler's own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.scheduler import affinity, resources

_UNHELPFUL = "Preemption is not helpful for scheduling"
_NO_VICTIMS = "No preemption victims found for incoming pod"


@dataclass(frozen=True)
class SchedulingFacts:
    """claims: the pod's PersistentVolumeClaims by name, None where there is none.
    unprovided: names of claims that no storage class can provide for."""

    pod: dict
    nodes: Sequence[dict]
    others: Sequence[dict] = ()
    claims: Mapping[str, dict | None] = field(default_factory=dict)
    unprovided: Sequence[str] = ()


@dataclass(frozen=True)
class Refusal:
    """Why a node is no place for the pod; curable: other pods' going could make it one."""

    reasons: tuple[str, ...]
    curable: bool = False


@dataclass(frozen=True)
class SchedulingDecision:
    """node: its name; or message: why there is none."""

    node: str = ""
    message: str = ""


def decide(facts: SchedulingFacts) -> SchedulingDecision:
    if not facts.nodes:
        return SchedulingDecision(message="no nodes available to schedule pods")
    if fault := _claim_fault(facts):
        return SchedulingDecision(
            message=_message(len(facts.nodes), fault, Counter({_UNHELPFUL: len(facts.nodes)}))
        )
    refusals = []
    for node in facts.nodes:
        refusal = _refusal(facts, node)
        if refusal is None:
            return SchedulingDecision(node=node["metadata"]["name"])
        refusals.append(refusal)
    return SchedulingDecision(message=_summary(refusals))


def _claim_fault(facts: SchedulingFacts) -> str | None:
    for name, claim in facts.claims.items():
        if claim is None:
            return f'persistentvolumeclaim "{name}" not found'
        if owners.is_deleted(claim):
            return f'persistentvolumeclaim "{name}" is being deleted'
        if name in facts.unprovided:
            return "pod has unbound immediate PersistentVolumeClaims"
    return None


def _refusal(facts: SchedulingFacts, node: dict) -> Refusal | None:
    pod, taint = facts.pod, affinity.untolerated(facts.pod, node)
    if node.get("spec", {}).get("unschedulable"):
        return Refusal(("node(s) were unschedulable",))
    if taint:
        return Refusal((f"node(s) had untolerated taint {{{taint['key']}: {taint.get('value', '')}}}",))
    if not affinity.matches_node(pod, node):
        return Refusal(("node(s) didn't match Pod's node affinity/selector",))
    there = [other for other in facts.others if other["spec"].get("nodeName") == node["metadata"]["name"]]
    there = [other for other in there if not pods.is_finished(other)]
    if _host_ports(pod) & set().union(*map(_host_ports, there)):
        return Refusal(("node(s) didn't have free ports for the requested pod ports",), curable=True)
    if short := resources.shortages(pod, node, there):
        return Refusal(tuple(short), curable=not resources.can_never_fit(pod, node))
    if affinity.lacks_required_pod(pod, node, _placed(facts)):
        return Refusal(("node(s) didn't match pod affinity rules",))
    conflict = affinity.anti_affinity_conflict(pod, node, _placed(facts))
    return Refusal((conflict,), curable=True) if conflict else None


def _placed(facts: SchedulingFacts) -> list[tuple[dict, dict]]:
    nodes = {node["metadata"]["name"]: node for node in facts.nodes}
    running = [other for other in facts.others if not pods.is_finished(other)]
    return [(other, nodes[name]) for other in running if (name := other["spec"].get("nodeName")) in nodes]


def _host_ports(pod: dict) -> set[tuple[int, str]]:
    return {
        (port["hostPort"], port.get("protocol", "TCP"))
        for container in pod["spec"].get("containers") or ()
        for port in container.get("ports") or ()
        if port.get("hostPort")
    }


def _summary(refusals: Sequence[Refusal]) -> str:
    reasons = Counter(reason for refusal in refusals for reason in refusal.reasons)
    help = Counter(_NO_VICTIMS if refusal.curable else _UNHELPFUL for refusal in refusals)
    return _message(len(refusals), ", ".join(_counted(reasons)), help)


def _message(nodes: int, why: str, preemption: Counter) -> str:
    none = f"0/{nodes} nodes are available"
    helped = ", ".join(_counted(preemption))
    return f"{none}: {why}. no new claims to deallocate, preemption: {none}: {helped}."


def _counted(reasons: Counter) -> list[str]:
    return sorted(f"{count} {reason}" for reason, count in reasons.items())
