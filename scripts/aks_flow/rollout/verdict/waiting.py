"""What a person reads while a rollout goes on: the pod that is not ready, or else what the workload lacks."""

from aks_flow.rollout.verdict.facts import WorkloadFacts
from aks_flow.rollout.verdict.pods import ObservedPod


def told(workload: WorkloadFacts, missing: str) -> str:
    """``web-7f9c-x2x is not ready (ContainerCreating), nor are 2 more``. missing: said if all are ready.

    A Job's pods are not to become ready, but to end.
    """
    unready = [pod for pod in workload.pods if not pod.ready] if workload.target.kind != "Job" else []
    if not unready:
        return missing
    pod, *others = unready
    more = f", nor {'is' if len(others) == 1 else 'are'} {len(others)} more" if others else ""
    return f"{pod.name} is not ready ({_why(pod)}){more}"


def _why(pod: ObservedPod) -> str:
    if pod.unscheduled:
        return "no node takes it"
    waiting = [container for container in pod.containers if container.waiting]
    if waiting:
        return waiting[0].waiting
    unready = [container for container in pod.containers if not container.ready and not container.once]
    if any(container.running for container in unready):
        name = next(container.name for container in unready if container.running)
        return f"{name} runs, and its probe does not pass yet"
    return "it starts" if unready else pod.gated
