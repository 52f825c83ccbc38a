"""Requests and limits as Docker settings, and a pod's quality-of-service class."""

from math import ceil

from aks_flow.rehearsal.standins.kubernetes.schema import quantity

_PERIOD_MICROSECONDS = 100_000
_MIN_QUOTA_MICROSECONDS = 1_000
_MIN_SHARES = 2


def host_config(resources: dict) -> dict:
    """Memory in bytes without swap, CPU quota in microseconds a period, CPU weight from the request."""
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    settings = {"CpuShares": _shares(requests.get("cpu", limits.get("cpu", "0")))}
    if "memory" in limits:
        memory = ceil(quantity.parse(limits["memory"]))
        settings |= {"Memory": memory, "MemorySwap": memory}
    if "cpu" in limits:
        quota = int(quantity.parse(limits["cpu"]) * _PERIOD_MICROSECONDS)
        settings |= {"CpuPeriod": _PERIOD_MICROSECONDS, "CpuQuota": max(quota, _MIN_QUOTA_MICROSECONDS)}
    return settings


def _shares(cpu: str) -> int:
    return max(int(quantity.parse(cpu) * 1024), _MIN_SHARES)


def qos_class(pod: dict) -> str:
    """BestEffort without requests and limits, Guaranteed if each container's are equal, else Burstable."""
    containers = [*pod["spec"]["containers"], *pod["spec"].get("initContainers", ())]
    resources = [container.get("resources") or {} for container in containers]
    if not any(requirements.get("requests") or requirements.get("limits") for requirements in resources):
        return "BestEffort"
    return "Guaranteed" if all(map(_is_guaranteed, resources)) else "Burstable"


def _is_guaranteed(resources: dict) -> bool:
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    return all(
        name in limits and quantity.parse(requests.get(name, limits[name])) == quantity.parse(limits[name])
        for name in ("cpu", "memory")
    )
