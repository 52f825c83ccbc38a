"""Pods that an Application holds itself."""

from aks_flow.rehearsal.standins.argocd import names, object_refs
from aks_flow.rehearsal.standins.argocd.health.status import (
    DEGRADED,
    HEALTHY,
    PROGRESSING,
    UNKNOWN,
    Health,
    condition,
)


def pod(item: dict) -> Health:
    status, endless = item.get("status", {}), _is_endless(item)
    message = status.get("message", "")
    stuck = [text for text in map(_stuck, status.get("containerStatuses", [])) if text is not None]
    if endless and stuck:
        return Health(DEGRADED, ", ".join(stuck))
    match status.get("phase"):
        case "Pending":
            return Health(PROGRESSING, message)
        case "Succeeded":
            return Health(HEALTHY, message)
        case "Failed":
            return Health(DEGRADED, message or _failure(status))
        case "Running":
            return Health(_running(item) if endless else PROGRESSING, message)
    return Health(UNKNOWN, message)


def _is_endless(item: dict) -> bool:
    """By its restart policy; the annotation takes a pod that is no hook for endless whatever that is."""
    ignored = object_refs.annotation(item, names.IGNORE_RESTART_POLICY) == "true"
    if ignored and not object_refs.annotation(item, names.HOOK):
        return True
    return item["spec"].get("restartPolicy", "Always") == "Always"


def _stuck(container: dict) -> str | None:
    """The message of a container that cannot start, None for any other."""
    waiting = container.get("state", {}).get("waiting", {})
    reason = waiting.get("reason", "")
    return (
        waiting.get("message", "")
        if reason.startswith("Err") or reason.endswith(("Error", "BackOff"))
        else None
    )


def _running(item: dict) -> str:
    if condition(item, "Ready").get("status") == "True":
        return HEALTHY
    restarted = any(
        "terminated" in container.get("lastState", {})
        for container in item["status"].get("containerStatuses", [])
    )
    return DEGRADED if restarted else PROGRESSING


def _failure(status: dict) -> str:
    for container in (*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])):
        ended = container.get("state", {}).get("terminated", {})
        if ended.get("message") or ended.get("reason") == "OOMKilled":
            return ended.get("message") or ended["reason"]
        if ended.get("exitCode"):
            return f'container "{container["name"]}" failed with exit code {ended["exitCode"]}'
    return ""
