"""What is wrong with a workload, and how long that may last before it is the end.

A trouble that can heal has a grace, in seconds; a trouble whose grace is None may take until the deadline.
The grace of 0 is for what does not heal by waiting: an image that the registry says it has not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from aks_flow.rollout.verdict import messages
from aks_flow.rollout.verdict.facts import WorkloadFacts
from aks_flow.rollout.verdict.objects import UNMADE
from aks_flow.rollout.verdict.pods import Container, ObjectEvent, ObservedPod
from aks_flow.rollout.verdict.reasons import (
    CONFIG_MISSING,
    CRASH_LOOP,
    DEADLINE,
    IMAGE_NOT_FOUND,
    NEVER_READY,
    OVERWRITTEN,
    QUOTA,
    UNSCHEDULABLE,
)

RUNS = 3  # failed runs that make a crash loop: one restart and then Ready is a success
FORGIVEN = 600  # seconds of running after which the kubelet starts a container again at once
CRASHING = 10  # seconds from the first crash: kubelet's first back-off, where that is not shorter
STOPPED = 15  # somebody may stop a rollout for a look, and let it go on
CONFIGURING = 3  # what a pod refers to may be made a moment later
STORING = 60  # a driver or an operator makes a Secret some time after the pod
REFUSING = 10  # pods that go may leave room for the new one
SCHEDULING = 15  # an autoscaler looks every 10 s and then says whether it adds a node
BINDING = 60  # a volume that is being made


@dataclass(frozen=True)
class RolloutTrouble:
    """text: the cluster's words. pod, container: where, "" if it is the workload's own. grace: see above."""

    reason: str
    workload: str
    text: str
    pod: str = ""
    container: str = ""
    exit_code: int | None = None
    grace: float | None = None

    @property
    def mark(self) -> str:
        """What it is known by from one look to the next."""
        return f"{self.reason} {self.workload} {self.pod} {self.container}"

    @property
    def needs_room(self) -> bool:
        """Whether pods that go may be what it waits for."""
        lacks_node = self.reason == UNSCHEDULABLE and messages.may_lack_room(self.text)
        return self.reason == QUOTA or lacks_node


def troubles(workload: WorkloadFacts) -> Iterator[RolloutTrouble]:
    """Everything that is wrong with a workload now; what can heal has until the deadline, if it asks so."""
    for trouble in _all_troubles(workload):
        yield replace(trouble, grace=None) if workload.tolerant and trouble.grace else trouble


def _all_troubles(workload: WorkloadFacts) -> Iterator[RolloutTrouble]:
    ref = workload.ref
    if workload.overwritten:
        yield RolloutTrouble(OVERWRITTEN, ref, "somebody else changed it meanwhile", grace=0)
    if workload.stopped:
        yield RolloutTrouble(OVERWRITTEN, ref, f"somebody stopped it: {workload.stopped}", grace=STOPPED)
    if workload.failed:
        yield _failure(workload)
    yield from _refusal(workload)
    if workload.stalled and workload.waits_for and not _needs_new_node(workload):
        yield from (replace(trouble, grace=0) for trouble in late(workload, workload.stalled))
    for pod in workload.pods:
        yield from _of_pod(workload, pod)


def late(workload: WorkloadFacts, missing: str, unsteady: Iterable[ObservedPod] = ()) -> list[RolloutTrouble]:
    """Why a workload is late: what could have healed, pods that are not ready, or just what is missing.

    unsteady: pods that are ready and have not stayed so for long enough.
    """
    runs_on = workload.target.kind != "Job"  # else a pod that runs is ready, and is to end
    unready = [pod for pod in workload.pods if not (pod.ready and runs_on)]
    pods = [*unready, *(pod for pod in unsteady if pod not in unready)]
    healing = [*_refusal(workload), *(trouble for pod in pods for trouble in _of_pod(workload, pod))]
    trying = [pod for pod in unready if any(container.running for container in pod.containers)]
    told = unready if runs_on or not trying else trying  # not the tries that have ended
    reasons = healing or [trouble for pod in told for trouble in _unready(workload, pod)]
    if workload.lost and runs_on:
        reasons.append(RolloutTrouble(DEADLINE, workload.ref, workload.lost))
    return reasons or list(_leaving(workload)) or [RolloutTrouble(DEADLINE, workload.ref, missing)]


def _failure(workload: WorkloadFacts) -> RolloutTrouble:
    """Of a Job that has failed: with pod, container and exit code of its last run that did not end well."""
    reason = DEADLINE if workload.failed.reason == "DeadlineExceeded" else CRASH_LOOP
    trouble = RolloutTrouble(reason, workload.ref, str(workload.failed), grace=0)
    runs = [(pod, container) for pod in workload.pods for container in pod.containers if container.exit_code]
    if not runs:
        return trouble
    pod, container = runs[-1]
    text = f"{workload.failed}; {_ended(pod, container)}"
    return replace(trouble, text=text, pod=pod.name, container=container.name, exit_code=container.exit_code)


def _refusal(workload: WorkloadFacts) -> Iterator[RolloutTrouble]:
    """Why the next pod is not made."""
    if workload.refused and workload.waits_for:
        reason = QUOTA if messages.is_quota_exceeded(workload.refused) else NEVER_READY
        grace = None if messages.is_undecided(workload.refused) else REFUSING
        yield RolloutTrouble(reason, workload.ref, workload.refused, grace=grace)


def _unready(workload: WorkloadFacts, pod: ObservedPod) -> Iterator[RolloutTrouble]:
    """Containers that run and are not ready; or the first that does not run yet, with what was said last."""
    behind = [item for item in pod.containers if not item.over and not (item.ready and not item.once)]
    running = [container for container in behind if container.running]
    for container in running:
        runs = "it runs and does not end" if container.once else "it runs and is not ready"
        yield _trouble(workload, pod, container, NEVER_READY, pod.said("Unhealthy") or runs)
    for container in behind[:1] if not running else []:  # a slow pull or a volume shows in events only
        ended = "it does not run" if container.exit_code is None else _ended(pod, container)
        words = [container.waiting or pod.unready or ended, container.message, pod.said(*_WAITED)]
        yield _trouble(workload, pod, container, DEADLINE, ": ".join(dict.fromkeys(filter(None, words))))
    if not behind:
        yield RolloutTrouble(NEVER_READY, workload.ref, pod.gated, pod.name)


_MOUNTED = ("FailedMount", "Pulling", "Pulled")  # an image is pulled once the volumes are there
_ATTACHED = ("FailedAttachVolume", "FailedCreatePodSandBox", "FailedScheduling")
_WAITED = ("Pulling", "FailedMount", *_ATTACHED, *UNMADE)


def _leaving(workload: WorkloadFacts) -> Iterator[RolloutTrouble]:
    """Old pods that do not end: a new one may have to wait for that (Recreate, a volume of one node)."""
    for pod in workload.leaving:
        text = f"{workload.waits_for}: {pod.name}, which is to end, has not"
        yield RolloutTrouble(DEADLINE, workload.ref, text, pod.name)


def _trouble(
    workload: WorkloadFacts,
    pod: ObservedPod,
    container: Container,
    reason: str,
    text: str,
    grace: float | None = None,
) -> RolloutTrouble:
    """The trouble of one container."""
    exit_code = container.exit_code
    return RolloutTrouble(reason, workload.ref, text, pod.name, container.name, exit_code, grace)


_BACKS_OFF = ("CrashLoopBackOff", "RunContainerError", "PostStartHookError")
_ADDS_A_NODE = ("TriggeredScaleUp", "Nominated")


def _of_pod(workload: WorkloadFacts, pod: ObservedPod) -> Iterator[RolloutTrouble]:
    if pod.unscheduled:
        text = ": ".join(filter(None, [pod.unscheduled, pod.said(*UNMADE)]))
        yield RolloutTrouble(UNSCHEDULABLE, workload.ref, text, pod.name, grace=_scheduling(pod))
    yield from _mounts(workload, pod)
    for container in pod.containers:
        if trouble := _of_container(workload, pod, container):
            yield trouble


def _scheduling(pod: ObservedPod) -> float | None:
    if pod.nominated or _node_is_added_for(pod):
        return None
    return BINDING if "persistentvolumeclaim" in pod.unscheduled.lower() else SCHEDULING


def adds_node(workloads: Iterable[WorkloadFacts]) -> bool:
    """Whether an autoscaler has said that it adds a node for a pod that no node takes."""
    return any(_node_is_added_for(pod) for workload in workloads for pod in workload.pods if pod.unscheduled)


def _needs_new_node(workload: WorkloadFacts) -> bool:
    """Whether a pod comes late for a node that was added: that takes longer than a Deployment's own deadline
    mostly allows, and the controller says so still while the new node pulls the image."""
    return any(_node_is_added_for(pod) for pod in workload.pods if not pod.ready)


def _node_is_added_for(pod: ObservedPod) -> bool:
    """Whether an autoscaler has said that it adds a node for the pod."""
    return any(event.reason in _ADDS_A_NODE for event in pod.events)


def _mounts(workload: WorkloadFacts, pod: ObservedPod) -> Iterator[RolloutTrouble]:
    """A volume's Secret or ConfigMap that is not there shows in events only."""
    if any(container.identity for container in pod.containers):
        return
    if messages.is_config_missing(said := pod.said(*_MOUNTED)):
        grace = _configuring(workload, pod, said)
        yield RolloutTrouble(CONFIG_MISSING, workload.ref, said, pod.name, grace=grace)


def _configuring(workload: WorkloadFacts, pod: ObservedPod, said: str) -> float:
    """The kubelet looks again after 10 to 15 s only: for what is there by now, or is being made."""
    is_made = pod.stored or messages.missing_object(said) in workload.promised
    return STORING if is_made else CONFIGURING


_NOT_PULLED = ("ErrImagePull", "ImagePullBackOff", "RegistryUnavailable", "SignatureValidationFailed")


def _of_container(workload: WorkloadFacts, pod: ObservedPod, container: Container) -> RolloutTrouble | None:
    trouble, waiting = partial(_trouble, workload, pod, container), container.waiting
    if waiting in _NOT_PULLED:
        return _pull(workload, pod, container)
    if waiting in ("InvalidImageName", "ErrImageNeverPull"):
        return trouble(IMAGE_NOT_FOUND, f"{waiting}: {container.message}", grace=0)
    if waiting in ("CreateContainerConfigError", "CreateContainerError"):
        is_missing = messages.is_config_missing(container.message)
        reason = CONFIG_MISSING if is_missing else NEVER_READY
        heals = not is_missing and messages.may_heal(container.message)
        text = f"{waiting}: {container.message}"
        return trouble(reason, text, grace=None if heals else _configuring(workload, pod, text))
    if container.failed_runs and workload.target.kind != "Job":
        return trouble(CRASH_LOOP, _ended(pod, container), grace=CRASHING if _loops(container) else None)
    return None


def _loops(container: Container) -> bool:
    """Whether its failed runs make a loop. In a back-off the kubelet mostly shows how the last run ended."""
    backs_off = not container.running and container.waiting in ("", *_BACKS_OFF)
    return container.failed_runs >= RUNS and backs_off and container.ran < FORGIVEN


def _ended(pod: ObservedPod, container: Container) -> str:
    """How a container ended: who killed it says more than the exit code of that."""
    times = f"{container.failed_runs} times" if container.failed_runs > 1 else "once"
    if any(event.reason == "FailedPostStartHook" and _is_about(event, container) for event in pod.events):
        return f"its postStart hook failed and the kubelet killed it, {times}"
    kills = [messages.probe_that_killed(event.message, container.name) for event in pod.events]
    if probe := next(filter(None, reversed(kills)), ""):
        said = [event.message for event in pod.events if _failed_probe(event, container, probe)]
        return ": ".join([f"its {probe} probe failed and the kubelet killed it, {times}", *said[-1:]])
    code = f"exit code {container.exit_code} ({container.ended or 'no reason given'})"
    goes_on = "" if container.exit_code else " although it is to go on running"
    return f"it ended with {code}{goes_on}, {times}"


def _failed_probe(event: ObjectEvent, container: Container, probe: str) -> bool:
    is_failure = event.reason == "Unhealthy" and _is_about(event, container)
    return is_failure and event.message.lower().startswith(f"{probe} probe")


def _is_about(event: ObjectEvent, container: Container) -> bool:
    return event.container in ("", container.name)


def _pull(workload: WorkloadFacts, pod: ObservedPod, container: Container) -> RolloutTrouble:
    """The reason is in the message, or in the events where the kubelet only says that it backs off."""
    failures = [event.message for event in reversed(pod.events) if event.reason == "Failed"]
    pulls = [container.message, *(message for message in failures if "Failed to pull" in message)]
    image = container.image
    explained = (message for message in pulls if messages.explains_failed_pull(message, image))
    told = (message for message in pulls if not message.startswith("Back-off pulling image"))
    text = next(explained, "") or next(told, container.message)
    reason = messages.pull_reason(text, image)
    return _trouble(workload, pod, container, reason, text, grace=None if reason == DEADLINE else 0)
