"""What is wrong with a workload, and how long that may last before it is the end.

A trouble that can heal has a grace, in seconds; one whose grace is None may take until the deadline. The
grace of 0 is for what does not heal by waiting: an image that the registry says it has not.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from aks_flow.rollout.verdict.facts import Workload
from aks_flow.rollout.verdict.pods import Container, Pod
from aks_flow.rollout.verdict.reasons import (
    CONFIG_MISSING,
    CRASH_LOOP,
    DEADLINE,
    IMAGE_NOT_FOUND,
    IMAGE_PULL_DENIED,
    NEVER_READY,
    OVERWRITTEN,
    QUOTA,
    UNSCHEDULABLE,
)

RUNS = 3  # failed runs that make a crash loop: one restart and then Ready is a success
CRASHING = 10  # seconds from the first crash: kubelet's first back-off, where that is not shorter
CONFIGURING = 3  # what a pod refers to may be made a moment later
REFUSING = 10  # pods that go may leave room for the new one
SCHEDULING = 15  # an autoscaler looks every 10 s and then says whether it adds a node
BINDING = 60  # a volume that is being made


@dataclass(frozen=True)
class Trouble:
    """text: the cluster's words. pod, container: where, "" if it is the workload's own."""

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
        return self.reason in (QUOTA, UNSCHEDULABLE)


def troubles(workload: Workload) -> Iterator[Trouble]:
    """Everything that is wrong with a workload now."""
    ref = workload.ref
    if workload.overwritten:
        yield Trouble(OVERWRITTEN, ref, "somebody else changed it meanwhile", grace=0)
    if workload.failed:
        reason = DEADLINE if workload.failed.startswith("DeadlineExceeded") else CRASH_LOOP
        yield Trouble(reason, ref, workload.failed, *_culprit(workload), grace=0)
    yield from _refusal(workload)
    if workload.stalled and workload.waits_for:
        yield from (replace(one, grace=0) for one in late(workload, workload.stalled))
    for pod in workload.pods:
        yield from _of_pod(workload, pod)


def late(workload: Workload, missing: str) -> list[Trouble]:
    """Why a workload is late: what could have healed, or pods that are not ready, or just what is missing."""
    unready = [pod for pod in workload.pods if not pod.ready]
    found = [*_refusal(workload), *(one for pod in unready for one in _of_pod(workload, pod))]
    found = found or [one for pod in unready for one in _unready(workload, pod)]
    return found or [Trouble(DEADLINE, workload.ref, missing)]


def _refusal(workload: Workload) -> Iterator[Trouble]:
    """Why the next pod is not made."""
    if workload.refused and workload.waits_for:
        reason = QUOTA if _QUOTA.search(workload.refused) else NEVER_READY
        yield Trouble(reason, workload.ref, workload.refused, grace=REFUSING)


def _unready(workload: Workload, pod: Pod) -> Iterator[Trouble]:
    said = [event.message for event in pod.events if event.reason == "Unhealthy"]
    text = said[-1] if said else "it runs and is not ready"
    for one in pod.containers:
        if one.running and not one.ready:
            yield Trouble(NEVER_READY, workload.ref, text, pod.name, one.name, one.exit_code)


def _culprit(workload: Workload) -> tuple[str, str, int | None]:
    """Pod, container and exit code of the last run of a Job that did not end well."""
    ended = [(pod.name, one.name, one.exit_code) for pod in workload.pods for one in pod.containers]
    return next((run for run in reversed(ended) if run[2]), ("", "", None))


_QUOTA = re.compile(r"exceeded quota|failed quota", re.I)
_DENIED = re.compile(r"denied|unauthorized|forbidden|authentication required|no basic auth", re.I)
_ABSENT = re.compile(r"code = NotFound|manifest unknown|name unknown", re.I)
# Numbers alone say nothing: versions have them, too.
_HEALS = re.compile(
    r"no such host|connection refused|timeout|timed out|too many requests|status(?: code)?:? 5\d\d"
    r"|5\d\d (?:Internal|Bad Gateway|Service|Gateway)",
    re.I,
)
_NOT_FOUND = re.compile(r"not found", re.I)
_UNCONFIGURED = re.compile(
    r"""(?:secret|configmap) "[^"]+" not found|couldn't find key|non-existent (?:secret|config) key""", re.I
)
# One that ends after a long run starts again at once: its runs of long ago do not make it a loop.
_BACKS_OFF = ("CrashLoopBackOff", "RunContainerError")
_ADDS_A_NODE = ("TriggeredScaleUp", "Nominated")


def _of_pod(workload: Workload, pod: Pod) -> Iterator[Trouble]:
    if pod.unscheduled:
        yield Trouble(UNSCHEDULABLE, workload.ref, pod.unscheduled, pod.name, grace=_scheduling(pod))
    yield from _mounts(workload, pod)
    for one in pod.containers:
        if found := _of_container(workload, pod, one):
            yield found


def _scheduling(pod: Pod) -> float | None:
    said = {event.reason for event in pod.events}
    if said & set(_ADDS_A_NODE):
        return None
    return BINDING if "persistentvolumeclaim" in pod.unscheduled.lower() else SCHEDULING


def _mounts(workload: Workload, pod: Pod) -> Iterator[Trouble]:
    """A volume's Secret or ConfigMap that is not there shows in events only."""
    if any(one.identity for one in pod.containers):
        return
    said = [event.message for event in pod.events if event.reason == "FailedMount"]
    for message in (text for text in said[-1:] if _UNCONFIGURED.search(text)):
        yield Trouble(CONFIG_MISSING, workload.ref, message, pod.name, grace=CONFIGURING)


def _of_container(workload: Workload, pod: Pod, one: Container) -> Trouble | None:
    def trouble(reason: str, text: str, grace: float | None) -> Trouble:
        return Trouble(reason, workload.ref, text, pod.name, one.name, one.exit_code, grace)

    if one.waiting in ("ErrImagePull", "ImagePullBackOff"):
        return _pull(pod, one, trouble)
    if one.waiting in ("InvalidImageName", "ErrImageNeverPull"):
        return trouble(IMAGE_NOT_FOUND, f"{one.waiting}: {one.message}", 0)
    if one.waiting in ("CreateContainerConfigError", "CreateContainerError"):
        reason = CONFIG_MISSING if _UNCONFIGURED.search(one.message) else NEVER_READY
        return trouble(reason, f"{one.waiting}: {one.message}", CONFIGURING)
    if one.failed_runs and workload.target.kind != "Job":
        doomed = one.failed_runs >= RUNS and one.waiting in _BACKS_OFF
        return trouble(CRASH_LOOP, _ended(one), CRASHING if doomed else None)
    return None


def _ended(one: Container) -> str:
    times = f"{one.failed_runs} times" if one.failed_runs > 1 else "once"
    return f"it ended with exit code {one.exit_code} ({one.ended or 'no reason given'}), {times}"


def _pull(pod: Pod, one: Container, trouble) -> Trouble:
    """The reason is in the message, or in the events where the kubelet only says that it backs off."""
    said = [
        event.message
        for event in pod.events
        if event.reason == "Failed" and "Failed to pull" in event.message
    ]
    words = next((text for text in [one.message, *reversed(said)] if _known(text)), one.message)
    if _DENIED.search(words):
        return trouble(IMAGE_PULL_DENIED, words, 0)
    if _ABSENT.search(words) or (_NOT_FOUND.search(words) and not _HEALS.search(words)):
        return trouble(IMAGE_NOT_FOUND, words, 0)
    return trouble(DEADLINE, words, None)


def _known(text: str) -> bool:
    return any(words.search(text) for words in (_DENIED, _ABSENT, _HEALS, _NOT_FOUND))
