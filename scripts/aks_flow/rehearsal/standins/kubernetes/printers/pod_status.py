"""What a pod's STATUS, READY and RESTARTS columns say, derived as kubectl's users know it."""

from dataclasses import dataclass
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.apimachinery.times import seconds_since
from aks_flow.rehearsal.standins.kubernetes.printers.values import condition, duration, spec, status


@dataclass(frozen=True)
class PodSummary:
    """reason: the STATUS column; last_restart: a time stamp, "" if nothing restarted."""

    reason: str
    ready: int
    total: int
    restarts: int
    last_restart: str

    def restarts_text(self, now: datetime) -> str:
        if not self.restarts or not self.last_restart:
            return str(self.restarts)
        return f"{self.restarts} ({duration(seconds_since(self.last_restart, now))} ago)"


def summarize(pod: dict) -> PodSummary:
    sidecars = {
        container.get("name") for container in spec(pod).get("initContainers") or () if _is_sidecar(container)
    }
    first, main = (status(pod).get(field) or [] for field in ("initContainerStatuses", "containerStatuses"))
    ready_sidecars = sum(
        bool(container_status.get("ready"))
        for container_status in first
        if container_status.get("name") in sidecars
    )
    initializing = _initializing(pod, first, sidecars)
    if initializing and not condition(pod, "Initialized"):
        counted, reason, ready = first, initializing, ready_sidecars
    else:
        counted = [
            container_status for container_status in first if container_status.get("name") in sidecars
        ] + main
        reason = _main_reason(pod, main)
        ready = ready_sidecars + sum(map(_is_running_and_ready, main))
    return PodSummary(
        _with_deletion(pod, reason),
        ready,
        len(spec(pod).get("containers") or ()) + len(sidecars),
        sum(container_status.get("restartCount", 0) for container_status in counted),
        max((_ended(container_status) for container_status in counted), default=""),
    )


def _is_sidecar(container: dict) -> bool:
    return container.get("restartPolicy") == "Always"


def _initializing(pod: dict, statuses: list[dict], sidecars: set[str]) -> str:
    """What the first init container that is not done says; "" if all are."""
    total = len(spec(pod).get("initContainers") or ())
    for index, container_status in enumerate(statuses):
        state = container_status.get("state") or {}
        terminated, waiting = state.get("terminated"), state.get("waiting") or {}
        if terminated is not None and not terminated.get("exitCode"):
            continue
        if container_status.get("name") in sidecars and container_status.get("started"):
            continue
        if terminated is not None:
            return f"Init:{terminated.get('reason') or _exit(terminated)}"
        if waiting.get("reason", "PodInitializing") != "PodInitializing":
            return f"Init:{waiting['reason']}"
        return f"Init:{index}/{total}"
    return ""


def _main_reason(pod: dict, statuses: list[dict]) -> str:
    reason = status(pod).get("reason") or _gated(pod) or status(pod).get("phase", "")
    for container_status in reversed(statuses):
        state = container_status.get("state") or {}
        if waiting := (state.get("waiting") or {}).get("reason"):
            reason = waiting
        elif (terminated := state.get("terminated")) is not None:
            reason = terminated.get("reason") or _exit(terminated)
    if reason == "Completed" and any(map(_is_running_and_ready, statuses)):
        return "Running" if condition(pod, "Ready") else "NotReady"
    return reason


def _gated(pod: dict) -> str:
    conditions = status(pod).get("conditions") or ()
    gated = any(
        entry.get("type") == "PodScheduled" and entry.get("reason") == "SchedulingGated"
        for entry in conditions
    )
    return "SchedulingGated" if gated else ""


def _is_running_and_ready(container_status: dict) -> bool:
    return bool(container_status.get("ready")) and "running" in (container_status.get("state") or {})


def _exit(terminated: dict) -> str:
    if terminated.get("signal"):
        return f"Signal:{terminated['signal']}"
    return f"ExitCode:{terminated.get('exitCode', 0)}"


def _ended(container_status: dict) -> str:
    return ((container_status.get("lastState") or {}).get("terminated") or {}).get("finishedAt") or ""


def _with_deletion(pod: dict, reason: str) -> str:
    if not pod["metadata"].get("deletionTimestamp"):
        return reason
    if status(pod).get("reason") == "NodeLost":
        return "Unknown"
    return reason if status(pod).get("phase") in ("Succeeded", "Failed") else "Terminating"
