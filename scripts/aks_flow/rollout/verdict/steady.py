"""Does a container stay up? One that starts and exits is never a success, whatever its workload counts."""

from collections.abc import Iterator

from aks_flow.rollout.verdict import messages
from aks_flow.rollout.verdict.ages import Ages
from aks_flow.rollout.verdict.facts import WorkloadFacts
from aks_flow.rollout.verdict.pods import Container, ObjectEvent, ObservedPod

# Seconds that a container must have run, unless the workload says how many (minReadySeconds). With a probe
# that passes, a crash at start has shown by then (1.2 s on a standard cluster). Without one nothing tells
# starting from working: it must outlast the kubelet's first back-off.
PROBED, UNPROBED = 2, 10
# One that was restarted must outlast its run before, by a second; unless that one lasted longer than this:
# what has worked for so long was not wrong from its start.
WORKED, LONGER = 150, 1


def marks(workload: WorkloadFacts) -> dict[str, str]:
    """What must last, and since when the cluster says that it has."""
    lasting: dict[str, str] = {}
    for pod, container in _lasting(workload):
        if container.running:
            lasting[_mark(pod, container)] = container.started_at
        if failure := _failed_liveness(pod, container):
            lasting[_liveness_mark(pod, container, failure)] = failure.at
    return lasting


def waits_for(workload: WorkloadFacts, ages: Ages) -> str:
    """The first pod that is not ready, or container that has not stayed long enough; "" if all are well."""
    if unready := [pod.name for pod in workload.pods if not pod.ready and workload.target.kind != "Job"]:
        return f"{unready[0]} to be ready"
    missing = (_missing(workload, pod, container, ages) for pod, container in _lasting(workload))
    return next(filter(None, missing), "")


def unsteady(workload: WorkloadFacts, ages: Ages) -> list[ObservedPod]:
    """The pods of which a container has not stayed up long enough."""
    return [pod for pod, container in _lasting(workload) if _missing(workload, pod, container, ages)]


def _missing(workload: WorkloadFacts, pod: ObservedPod, container: Container, ages: Ages) -> str:
    seconds = _seconds(workload, container)
    proven = ages.proven and not container.restarts
    if not (container.running and (proven or ages.of(_mark(pod, container)) >= seconds)):
        return f"{container.name} in {pod.name} to stay up for {seconds:.0f} s"
    if _is_killed(pod, container):
        return f"{container.name} in {pod.name} to be started again"
    failure = _failed_liveness(pod, container)
    if failure and ages.of(_liveness_mark(pod, container, failure)) < container.alive_within:
        return f"{container.name} in {pod.name} to pass its liveness probe"
    return ""


def _seconds(workload: WorkloadFacts, container: Container) -> float:
    least = workload.steady or (PROBED if container.probed else UNPROBED)
    ends_again = container.restarts and container.ran < WORKED
    return max(least, container.ran + LONGER) if ends_again else least


def _is_killed(pod: ObservedPod, container: Container) -> bool:
    """Whether the kubelet has said that it ends the current run for a probe.

    It may call that ready for a second more: the next run answers its probes then, and its status is late.
    """
    kills = (event for event in pod.events if messages.probe_that_killed(event.message, container.name))
    return any(event.at > container.started_at for event in kills)


def _failed_liveness(pod: ObservedPod, container: Container) -> ObjectEvent | None:
    """The event of the last failure of a container's liveness probe in its current run."""
    failures = (
        event
        for event in pod.events
        if event.container in ("", container.name) and event.message.startswith("Liveness probe failed")
    )
    last = max(failures, key=lambda event: event.at, default=None)
    in_this_run = last and container.alive_within and last.at >= container.started_at
    return last if in_this_run else None


def _lasting(workload: WorkloadFacts) -> Iterator[tuple[ObservedPod, Container]]:
    """The containers that are to go on running. A Job has done what it was to do once it is complete."""
    if workload.target.kind != "Job":
        yield from ((pod, item) for pod in workload.pods for item in pod.containers if not item.once)


def _mark(pod: ObservedPod, container: Container) -> str:
    return f"up {pod.uid} {container.name} {container.identity} {container.started_at}"


def _liveness_mark(pod: ObservedPod, container: Container, failure: ObjectEvent) -> str:
    return f"alive {pod.uid} {container.name} {failure.at}"
