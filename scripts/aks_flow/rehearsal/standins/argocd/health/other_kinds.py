"""Services, claims, Jobs, autoscalers, Ingresses, Applications."""

from aks_flow.rehearsal.standins.argocd.health.status import (
    DEGRADED,
    HEALTHY,
    PROGRESSING,
    SUSPENDED,
    UNKNOWN,
    Health,
    condition,
)

_DEGRADED_AUTOSCALER = (
    ("AbleToScale", "FailedGetScale"),
    ("AbleToScale", "FailedUpdateScale"),
    ("ScalingActive", "FailedGetResourceMetric"),
    ("ScalingActive", "InvalidSelector"),
)
_CLAIM = {"Bound": HEALTHY, "Pending": PROGRESSING, "Lost": DEGRADED}


def service(item: dict) -> Health:
    is_balancer = item["spec"].get("type") == "LoadBalancer"
    return Health(PROGRESSING if is_balancer and not _addresses(item) else HEALTHY)


def ingress(item: dict) -> Health:
    return Health(HEALTHY if _addresses(item) else PROGRESSING)


def _addresses(item: dict) -> list:
    return item.get("status", {}).get("loadBalancer", {}).get("ingress") or []


def claim(item: dict) -> Health:
    return Health(_CLAIM.get(item.get("status", {}).get("phase"), UNKNOWN))


def job(item: dict) -> Health:
    failed, complete, suspended = (condition(item, name) for name in ("Failed", "Complete", "Suspended"))
    if failed:
        return Health(DEGRADED, failed.get("message", ""))
    if suspended.get("status") == "True":
        return Health(SUSPENDED, suspended.get("message", ""))
    return Health(HEALTHY if complete or suspended else PROGRESSING, complete.get("message", ""))


def autoscaler(item: dict) -> Health:
    """The first condition that says anything decides."""
    for entry in item.get("status", {}).get("conditions") or []:
        if (entry["type"], entry.get("reason")) in _DEGRADED_AUTOSCALER:
            return Health(DEGRADED, entry.get("message", ""))
        if entry["type"] in ("AbleToScale", "ScalingLimited") and entry["status"] == "True":
            return Health(HEALTHY, entry.get("message", ""))
    return Health(PROGRESSING, "Waiting to Autoscale")


def application(item: dict) -> Health:
    return Health(item.get("status", {}).get("health", {}).get("status", UNKNOWN))
