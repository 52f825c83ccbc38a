"""Does a container stay? One that starts and exits is never a success, whatever its workload counts."""

from collections.abc import Iterator

from aks_flow.rollout.verdict.ages import Ages
from aks_flow.rollout.verdict.facts import Workload
from aks_flow.rollout.verdict.pods import Container, Pod

# Seconds that a container must have run, unless the workload says how many (minReadySeconds). With a probe
# that passes, a crash at start has shown by then (1.2 s on a standard cluster). Without one nothing tells
# starting from working: it must outlast the kubelet's first back-off.
PROBED, UNPROBED = 2, 10


def marks(workload: Workload) -> dict[str, str]:
    """What must last, and since when the cluster says that it has."""
    return {_mark(pod, one): one.started_at for pod, one in _lasting(workload) if one.running}


def waits_for(workload: Workload, ages: Ages) -> str:
    """The first pod that is not ready, or container that has not stayed long enough; "" if all are well."""
    if unready := [pod.name for pod in workload.pods if not pod.ready and workload.target.kind != "Job"]:
        return f"{unready[0]} to be ready"
    for pod, one in _lasting(workload):
        wanted = workload.steady or (PROBED if one.probed else UNPROBED)
        proven = ages.proven and not one.restarts
        if not one.running or (ages.of(_mark(pod, one)) < wanted and not proven):
            return f"{one.name} in {pod.name} to stay up for {wanted} s"
    return ""


def _lasting(workload: Workload) -> Iterator[tuple[Pod, Container]]:
    return ((pod, one) for pod in workload.pods for one in pod.containers if not one.once)


def _mark(pod: Pod, one: Container) -> str:
    return f"up {pod.uid} {one.name} {one.identity} {one.started_at}"
