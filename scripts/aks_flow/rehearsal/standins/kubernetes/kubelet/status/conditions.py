"""A pod's conditions, in the order and words of kubelet."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.kubelet.status import pod_phase
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts


def conditions(pod: dict, facts: dict[str, ContainerFacts], phase: str, has_sandbox: bool) -> list[dict]:
    """Conditions with the transition times of those that did not change."""
    before = {condition["type"]: condition for condition in pod.get("status", {}).get("conditions") or ()}
    current = {
        "PodReadyToStartContainers": (has_sandbox, "", ""),
        "Initialized": _initialized(pod, facts, phase),
        "Ready": _ready(pod, facts, phase, before),
        "ContainersReady": _containers_ready(pod, facts, phase),
        "PodScheduled": (True, "", ""),
    }
    own = [_condition(kind, state, before.get(kind), pod) for kind, state in current.items()]
    return own + [condition for kind, condition in before.items() if kind not in current]


def _condition(kind: str, state: tuple[bool, str, str], before: dict | None, pod: dict) -> dict:
    holds, reason, message = state
    status = "True" if holds else "False"
    since = before["lastTransitionTime"] if before and before["status"] == status else None
    return {
        "type": kind,
        "observedGeneration": pod["metadata"].get("generation", 1),
        "status": status,
        "lastProbeTime": None,
        "lastTransitionTime": since or times.stamp(times.now()),
        **({"reason": reason} if reason else {}),
        **({"message": message} if message else {}),
    }


def _initialized(pod: dict, facts: dict[str, ContainerFacts], phase: str) -> tuple[bool, str, str]:
    if phase == "Succeeded":
        return True, "PodCompleted", ""
    if pod_phase.is_initialized(pod, facts):
        return True, "", ""
    names = [
        container["name"]
        for container in pod["spec"].get("initContainers", ())
        if not pod_phase.has_initialized(container, facts[container["name"]])
    ]
    return False, "ContainersNotInitialized", f"containers with incomplete status: [{' '.join(names)}]"


def _containers_ready(pod: dict, facts: dict[str, ContainerFacts], phase: str) -> tuple[bool, str, str]:
    if phase == "Succeeded":
        return False, "PodCompleted", ""
    if phase == "Failed":
        return False, "PodFailed", ""
    unready = [name for name in _must_be_ready(pod) if not facts[name].ready]
    if unready:
        return False, "ContainersNotReady", f"containers with unready status: [{' '.join(unready)}]"
    return True, "", ""


def _must_be_ready(pod: dict) -> list[str]:
    sidecars = filter(pod_phase.is_sidecar, pod["spec"].get("initContainers", ()))
    return [container["name"] for container in (*sidecars, *pod["spec"]["containers"])]


def _ready(pod: dict, facts: dict[str, ContainerFacts], phase: str, before: dict) -> tuple[bool, str, str]:
    containers = _containers_ready(pod, facts, phase)
    gates = [gate["conditionType"] for gate in pod["spec"].get("readinessGates", ())]
    closed = [gate for gate in gates if before.get(gate, {}).get("status") != "True"]
    if containers[0] and closed:
        reasons = [
            f'corresponding condition of pod readiness gate "{gate}" does not exist.' for gate in closed
        ]
        return False, "ReadinessGatesNotReady", ", ".join(reasons)
    return containers
