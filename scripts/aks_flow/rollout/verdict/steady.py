"""Does a container stay up? One that starts and exits is never a success, whatever its workload counts."""

from collections.abc import Iterator

from aks_flow.rollout.verdict.ages import Ages
from aks_flow.rollout.verdict.facts import WorkloadFacts
from aks_flow.rollout.verdict.pods import Container, ObservedPod

# Seconds that a container must have run, unless the workload says how many (minReadySeconds). With a probe
# that passes, a crash at start has shown by then (1.2 s on a standard cluster). Without one nothing tells
# starting from working: it must outlast the kubelet's first back-off.
PROBED, UNPROBED = 2, 10


def marks(workload: WorkloadFacts) -> dict[str, str]:
    """What must last, and since when the cluster says that it has."""
    running = ((pod, container) for pod, container in _lasting(workload) if container.running)
    return {_mark(pod, container): container.started_at for pod, container in running}


def waits_for(workload: WorkloadFacts, ages: Ages) -> str:
    """The first pod that is not ready, or container that has not stayed long enough; "" if all are well."""
    if unready := [pod.name for pod in workload.pods if not pod.ready and workload.target.kind != "Job"]:
        return f"{unready[0]} to be ready"
    for pod, container in _lasting(workload):
        seconds = workload.steady or (PROBED if container.probed else UNPROBED)
        proven = ages.proven and not container.restarts
        lasted = proven or ages.of(_mark(pod, container)) >= seconds
        if not (container.running and lasted):
            return f"{container.name} in {pod.name} to stay up for {seconds} s"
    return ""


def _lasting(workload: WorkloadFacts) -> Iterator[tuple[ObservedPod, Container]]:
    return ((pod, container) for pod in workload.pods for container in pod.containers if not container.once)


def _mark(pod: ObservedPod, container: Container) -> str:
    return f"up {pod.uid} {container.name} {container.identity} {container.started_at}"
