"""The nodes on which a DaemonSet creates a pod, and the pods that it deletes. Pure.

Rules: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.controllers import owners, pods
from aks_flow.rehearsal.standins.kubernetes.controllers.deployment.strategy import share
from aks_flow.rehearsal.standins.kubernetes.controllers.history import POD_HASH
from aks_flow.rehearsal.standins.kubernetes.controllers.scheduler import affinity

_REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution"
# A daemon runs where other pods would be kept away or evicted.
_TOLERATED = (
    ("node.kubernetes.io/not-ready", "NoExecute"),
    ("node.kubernetes.io/unreachable", "NoExecute"),
    ("node.kubernetes.io/disk-pressure", "NoSchedule"),
    ("node.kubernetes.io/memory-pressure", "NoSchedule"),
    ("node.kubernetes.io/pid-pressure", "NoSchedule"),
    ("node.kubernetes.io/unschedulable", "NoSchedule"),
)


@dataclass(frozen=True)
class DaemonSetFacts:
    """owned: the pods that the set controls. update: the hash of the newest revision."""

    spec: dict
    nodes: Sequence[dict]
    owned: Sequence[dict]
    update: str
    moment: datetime

    @property
    def eligible_nodes(self) -> list[str]:
        pod = {"spec": with_tolerations(self.spec["template"]["spec"])}
        return [
            node["metadata"]["name"]
            for node in self.nodes
            if affinity.matches_node(pod, node) and not affinity.untolerated(pod, node)
        ]

    def on_node(self, name: str) -> list[dict]:
        return [pod for pod in self.owned if node_of(pod) == name]

    def is_available(self, pod: dict) -> bool:
        return pods.is_available(pod, self.spec, self.moment)

    def is_updated(self, pod: dict) -> bool:
        return (pod["metadata"].get("labels") or {}).get(POD_HASH) == self.update


@dataclass(frozen=True)
class DaemonSetPlan:
    """create: names of nodes that get a pod; delete: names of pods."""

    create: Sequence[str] = ()
    delete: Sequence[str] = ()


def decide(facts: DaemonSetFacts) -> DaemonSetPlan:
    node_names = facts.eligible_nodes
    create = [name for name in node_names if not facts.on_node(name)]
    stray = [pod for pod in facts.owned if node_of(pod) not in node_names or pods.is_finished(pod)]
    extra = [pod for name in node_names for pod in facts.on_node(name)[1:]]
    doomed = [pod for pod in (*stray, *extra) if not owners.is_deleted(pod)]
    return DaemonSetPlan(create, [pod["metadata"]["name"] for pod in doomed] or _outdated(facts, node_names))


def _outdated(facts: DaemonSetFacts, node_names: Sequence[str]) -> list[str]:
    """Old pods that may go now without more nodes being without a pod than the strategy allows."""
    strategy = facts.spec.get("updateStrategy", {})
    if strategy.get("type", "RollingUpdate") != "RollingUpdate":
        return []
    allowed = share(
        (strategy.get("rollingUpdate") or {}).get("maxUnavailable", 1), len(node_names), round_up=True
    )
    unavailable = sum(not any(map(facts.is_available, facts.on_node(name))) for name in node_names)
    old = [pod for pod in facts.owned if not facts.is_updated(pod) and not owners.is_deleted(pod)]
    broken = [pod for pod in old if not facts.is_available(pod)]
    serving = [pod for pod in old if facts.is_available(pod)]
    return [pod["metadata"]["name"] for pod in (*broken, *serving[: max(0, allowed - unavailable)])]


def status(facts: DaemonSetFacts, generation: int) -> dict:
    node_names = facts.eligible_nodes
    placed = [pod for name in node_names for pod in facts.on_node(name)[:1]]
    available = sum(map(facts.is_available, placed))
    counts = {
        "updatedNumberScheduled": sum(map(facts.is_updated, placed)),
        "numberAvailable": available,
        "numberUnavailable": len(node_names) - available,
    }
    return {
        "currentNumberScheduled": len(placed),
        "desiredNumberScheduled": len(node_names),
        "numberMisscheduled": sum(node_of(pod) not in node_names for pod in facts.owned),
        "numberReady": sum(map(pods.is_ready, placed)),
        "observedGeneration": generation,
    } | {key: value for key, value in counts.items() if value}


def node_of(pod: dict) -> str:
    """The node the pod is on, or is meant for; "" if neither is known."""
    required = ((pod["spec"].get("affinity") or {}).get("nodeAffinity") or {}).get(_REQUIRED) or {}
    fields = [
        field for term in required.get("nodeSelectorTerms") or () for field in term.get("matchFields") or ()
    ]
    return pod["spec"].get("nodeName") or next((field["values"][0] for field in fields), "")


def pinned(spec: dict, node: str) -> dict:
    """A pod's spec that only the one node satisfies; the scheduler still binds it."""
    terms = [{"matchFields": [{"key": "metadata.name", "operator": "In", "values": [node]}]}]
    required = {_REQUIRED: {"nodeSelectorTerms": terms}}
    return with_tolerations(spec) | {"affinity": (spec.get("affinity") or {}) | {"nodeAffinity": required}}


def with_tolerations(spec: dict) -> dict:
    added = [{"key": key, "operator": "Exists", "effect": effect} for key, effect in _TOLERATED]
    return spec | {"tolerations": [*(spec.get("tolerations") or ()), *added]}
