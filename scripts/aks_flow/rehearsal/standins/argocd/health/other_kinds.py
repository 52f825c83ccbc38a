"""Services, claims, Ingresses, Applications."""

from aks_flow.rehearsal.standins.argocd.health.status import (
    DEGRADED,
    HEALTHY,
    PROGRESSING,
    UNKNOWN,
    Health,
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


def application(item: dict) -> Health:
    return Health(item.get("status", {}).get("health", {}).get("status", UNKNOWN))
