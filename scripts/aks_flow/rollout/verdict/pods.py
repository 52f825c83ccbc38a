"""Pods as facts (core/v1 Pod, https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/)."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Event:
    """What was said about an object."""

    reason: str
    message: str
    count: int = 1

    def __str__(self) -> str:
        times = f" ({self.count} times)" if self.count > 1 else ""
        return f"{self.reason}: {self.message}{times}"


@dataclass(frozen=True)
class Container:
    """One container's state.

    identity: changes with every start, "" before the first. waiting, message: why it does not run. exit_code,
    ended: of its last run, None and "" if it has not ended yet. probed: whether a probe says that it works.
    """

    name: str
    ready: bool = False
    running: bool = False
    identity: str = ""
    started_at: str = ""
    restarts: int = 0
    waiting: str = ""
    message: str = ""
    exit_code: int | None = None
    ended: str = ""
    probed: bool = False
    once: bool = False

    @property
    def failed_runs(self) -> int:
        """How often it has ended where it should have gone on."""
        if self.once and self.exit_code == 0:
            return 0
        return self.restarts + (self.exit_code is not None and not self.running)


@dataclass(frozen=True)
class Pod:
    """unscheduled: why no node takes it, "" if one does."""

    name: str
    uid: str
    ready: bool = False
    unscheduled: str = ""
    containers: tuple[Container, ...] = ()
    events: tuple[Event, ...] = ()


def is_ready(item: dict) -> bool:
    """Whether a Pod object says that it is ready."""
    conditions = item.get("status", {}).get("conditions") or []
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def pod(item: dict, events: Iterable[Event] = ()) -> Pod:
    """A Pod object and what was said about it -> Pod."""
    metadata, spec, status = item["metadata"], item["spec"], item.get("status", {})
    conditions = {one["type"]: one for one in status.get("conditions") or []}
    states = {one["name"]: one for key in _STATUSES for one in status.get(key) or []}
    return Pod(
        metadata["name"],
        metadata["uid"],
        is_ready(item),
        _unscheduled(conditions.get("PodScheduled", {})),
        tuple(_container(one, states.get(one["name"], {}), once) for one, once in _declared(spec)),
        tuple(events),
    )


_STATUSES = ("initContainerStatuses", "containerStatuses")


def _declared(spec: dict) -> Iterable[tuple[dict, bool]]:
    """Every container, and whether it is to end by itself (an init container that is no sidecar, a Job's)."""
    for one in spec.get("initContainers") or []:
        yield one, one.get("restartPolicy") != "Always"
    for one in spec["containers"]:
        yield one, spec.get("restartPolicy", "Always") != "Always"


def _container(declared: dict, status: dict, once: bool) -> Container:
    state = status.get("state") or {}
    waiting, running = state.get("waiting") or {}, state.get("running")
    ended = state.get("terminated") or (status.get("lastState") or {}).get("terminated") or {}
    return Container(
        declared["name"],
        status.get("ready", False),
        running is not None,
        status.get("containerID", ""),
        (running or {}).get("startedAt", ""),
        status.get("restartCount", 0),
        waiting.get("reason", ""),
        waiting.get("message", ""),
        ended.get("exitCode"),
        ended.get("reason", ""),
        bool(declared.get("readinessProbe") or declared.get("startupProbe")),
        once,
    )


def _unscheduled(condition: dict) -> str:
    if condition.get("status") != "False" or condition.get("reason") != "Unschedulable":
        return ""
    return condition.get("message") or "no node takes it"
