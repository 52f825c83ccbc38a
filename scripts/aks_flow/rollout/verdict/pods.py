"""Pods as facts (core/v1 Pod, https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

_NEVER = "1970-01-01T00:00:00Z"
_STORE = "secrets-store.csi.k8s.io"  # https://secrets-store-csi-driver.sigs.k8s.io
_SUMMARY = "Unable to attach or mount volumes"
_NOT_STARTED = "StartError"
_STATUSES = ("initContainerStatuses", "containerStatuses")


@dataclass(frozen=True)
class ObjectEvent:
    """What was said about an object (core/v1 Event).

    container: of a pod, "" if it is about the whole object. at: when it was said last (RFC 3339).
    """

    reason: str
    message: str
    count: int = 1
    container: str = ""
    at: str = ""

    def __str__(self) -> str:
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.reason}: {self.message}{times}"


@dataclass(frozen=True)
class Container:
    """One container's state.

    image: what its pod names.
    identity: changes with every start, "" before the first.
    started_at: when its run began (RFC 3339), "" if it does not run.
    waiting, message: why it does not run, "" if it does.
    exit_code, ended, ran: of its last run that has ended: code, reason and seconds; None and "" without one.
    alive_within: seconds after a failed liveness probe within which the next one has passed; 0 without one.
    probed: whether a probe says that it works. once: whether it is to end by itself.
    """

    name: str
    image: str = ""
    ready: bool = False
    running: bool = False
    identity: str = ""
    started_at: str = ""
    restarts: int = 0
    waiting: str = ""
    message: str = ""
    exit_code: int | None = None
    ended: str = ""
    ran: float = 0
    alive_within: float = 0
    probed: bool = False
    once: bool = False

    @property
    def over(self) -> bool:
        """Whether it has ended as it was to."""
        return self.once and self.exit_code == 0 and not self.running

    @property
    def failed_runs(self) -> int:
        """How often it has ended where it should have gone on."""
        if self.once and self.exit_code == 0:
            return 0
        return self.restarts + (self.exit_code is not None and not self.running)


def living(pods: Iterable[dict]) -> list[dict]:
    """Without those that are being deleted or have ended: their controller replaces them."""
    ended = ("Succeeded", "Failed")
    kept = (pod for pod in pods if "deletionTimestamp" not in pod["metadata"])
    return [pod for pod in kept if pod.get("status", {}).get("phase") not in ended]


@dataclass(frozen=True)
class ObservedPod:
    """A pod at one moment.

    unready: why the pod is not ready, in the words of its condition, "" without any. unscheduled: why no node
    takes it, "" if one does. stored: whether a driver makes its Secret. nominated: whether others are being
    ended to make room for it.
    """

    name: str
    uid: str
    ready: bool = False
    unready: str = ""
    unscheduled: str = ""
    containers: tuple[Container, ...] = ()
    events: tuple[ObjectEvent, ...] = ()
    stored: bool = False
    nominated: bool = False

    @property
    def gated(self) -> str:
        """Why it is not ready although its containers are: a readiness gate, or a node that is away."""
        return self.unready or self.said("NodeNotReady") or "its containers are ready, and it is not"

    def said(self, *reasons: str) -> str:
        """The last message with one of these reasons, "" for none; a summary of volumes tells no reason."""
        told = (event.message for event in reversed(self.events) if event.reason in reasons)
        return next((text for text in told if not text.startswith(_SUMMARY)), "")


def conditions(item: dict) -> dict[str, dict]:
    """An object's conditions, by type."""
    return {condition["type"]: condition for condition in item.get("status", {}).get("conditions") or []}


def revision_hash(item: dict) -> str:
    """The label by which a StatefulSet or DaemonSet tells its revisions, and their pods, apart."""
    return (item["metadata"].get("labels") or {}).get("controller-revision-hash", "")


def is_ready(pod: dict) -> bool:
    """Whether a Pod object says that it is ready."""
    return conditions(pod).get("Ready", {}).get("status") == "True"


def observed_pod(pod: dict, events: Iterable[ObjectEvent] = ()) -> ObservedPod:
    """A Pod object, and the events about it, as facts."""
    metadata, spec, status = pod["metadata"], pod["spec"], pod.get("status", {})
    states = {state["name"]: state for key in _STATUSES for state in status.get(key) or []}
    return ObservedPod(
        metadata["name"],
        metadata["uid"],
        is_ready(pod),
        "" if is_ready(pod) else _unready(conditions(pod)),
        _unscheduled(conditions(pod).get("PodScheduled", {})),
        tuple(
            _container(container, states.get(container["name"], {}), once)
            for container, once in _declared(spec)
        ),
        tuple(events),
        any((volume.get("csi") or {}).get("driver") == _STORE for volume in spec.get("volumes") or ()),
        bool(status.get("nominatedNodeName")),
    )


def _unready(present: dict[str, dict]) -> str:
    """In the words of the kubelet; of a pod that has no node, the scheduler's."""
    return present.get("Ready", present.get("PodScheduled", {})).get("message", "")


def claims(pod: dict) -> list[str]:
    """The names of the PersistentVolumeClaims that a Pod object mounts."""
    volumes = pod["spec"].get("volumes") or ()
    return [claim["claimName"] for volume in volumes if (claim := volume.get("persistentVolumeClaim"))]


def _declared(spec: dict) -> Iterable[tuple[dict, bool]]:
    """Every container, and whether it is to end by itself (an init container that is no sidecar, a Job's)."""
    for container in spec.get("initContainers") or []:
        yield container, container.get("restartPolicy") != "Always"
    for container in spec["containers"]:
        yield container, spec.get("restartPolicy", "Always") != "Always"


def _container(declared: dict, status: dict, once: bool) -> Container:
    state = status.get("state") or {}
    waiting, running = state.get("waiting") or {}, state.get("running")
    ended = state.get("terminated") or (status.get("lastState") or {}).get("terminated") or {}
    return Container(
        declared["name"],
        image=declared.get("image", ""),
        ready=status.get("ready", False),
        running=running is not None,
        identity=status.get("containerID", ""),
        started_at=(running or {}).get("startedAt", ""),
        restarts=status.get("restartCount", 0),
        waiting=waiting.get("reason", ""),
        message=waiting.get("message", ""),
        exit_code=ended.get("exitCode"),
        ended=_told(ended),
        ran=_seconds_of(ended),
        alive_within=_alive_within(declared.get("livenessProbe") or {}),
        probed=bool(declared.get("readinessProbe") or declared.get("startupProbe")),
        once=once,
    )


def _told(run: dict) -> str:
    """Why a run ended; of one that could not begin, with the runtime's words: there is no log of it."""
    reason = run.get("reason", "")
    return f"{reason}: {run['message']}" if reason == _NOT_STARTED and run.get("message") else reason


def _seconds_of(run: dict) -> float:
    """How long a run lasted; 0 for one whose process was never started, too (its start is given as 1970)."""
    if run.get("reason") == _NOT_STARTED or not {"startedAt", "finishedAt"} <= run.keys():
        return 0
    began, ended = (datetime.fromisoformat(run[key] or _NEVER) for key in ("startedAt", "finishedAt"))
    return max(0, (ended - began).total_seconds())


def _alive_within(probe: dict) -> float:
    """A period, the time that an answer may take, and a second for the clocks' granularity."""
    return probe.get("periodSeconds", 10) + probe.get("timeoutSeconds", 1) + 1 if probe else 0


def _unscheduled(condition: dict) -> str:
    if condition.get("status") != "False" or condition.get("reason") != "Unschedulable":
        return ""
    return condition.get("message") or "no node takes it"
