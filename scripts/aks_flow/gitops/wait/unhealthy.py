"""Which of an Application's objects are not well: Argo CD v3 says so in its own pages, not in the status."""

from collections.abc import Callable, Iterable

from aks_flow.core.runner import Runner
from aks_flow.rollout.verdict.pods import conditions
from aks_flow.tools.argocd import Application
from aks_flow.tools.kubectl import Kubectl, get, output

NO_ADDRESS = "it has got no address yet"


def named(run: Runner, cluster: Kubectl, application: Application) -> tuple[str, ...]:
    """``Kind/name: why`` of each that is not well: the status's own words, or else what the cluster says."""
    if application.unhealthy or not application.resources:
        return application.unhealthy
    answer = run.run(get.objects(cluster, application.resources))
    return sentences(output.objects(answer.text)) if answer.code == 0 else ()


def sentences(items: Iterable[dict]) -> tuple[str, ...]:
    """Of objects as the API server gives them."""
    told = ((item, _RULES[item["kind"]](item)) for item in items if item["kind"] in _RULES)
    return tuple(f"{item['kind']}/{item['metadata']['name']}: {why}" for item, why in told if why)


def _without_address(item: dict) -> str:
    """A load balancer or Ingress that nobody has given an address: on a cluster without a provider, never."""
    is_inside = item["kind"] == "Service" and item["spec"].get("type") != "LoadBalancer"
    addresses = item.get("status", {}).get("loadBalancer", {}).get("ingress")
    return "" if is_inside or addresses else NO_ADDRESS


def _claim(item: dict) -> str:
    phase = item.get("status", {}).get("phase", "Pending")
    return "" if phase == "Bound" else f"it is {phase}"


def _autoscaler(item: dict) -> str:
    return _first(item, "False", "AbleToScale", "ScalingActive")


def _budget(item: dict) -> str:
    """Too few pods are no fault of the budget."""
    said = conditions(item).get("DisruptionAllowed", {})
    return "" if said.get("reason") == "InsufficientPods" else _first(item, "False", "DisruptionAllowed")


def _deployment(item: dict) -> str:
    return "it is paused" if item["spec"].get("paused") else _first(item, "False", "Progressing", "Available")


def _job(item: dict) -> str:
    return _first(item, "True", "Failed", "Suspended")


def _cron_job(item: dict) -> str:
    status = item.get("status", {})
    succeeded, scheduled = status.get("lastSuccessfulTime"), status.get("lastScheduleTime")
    failed = succeeded and scheduled and succeeded < scheduled and not status.get("active")
    return "its last run has not succeeded" if failed else ""


def _stateful_set(item: dict) -> str:
    replicas, ready = item["spec"].get("replicas", 1), item.get("status", {}).get("readyReplicas", 0)
    return f"{ready} of {replicas} pods are ready" if ready < replicas else ""


def _route(item: dict) -> str:
    parents, types = item.get("status", {}).get("parents") or [], ("ResolvedRefs", "Accepted", "Programmed")
    told = (_first({"status": parent}, "False", *types) for parent in parents)
    return next(filter(None, told), "" if parents else "no gateway has taken it")


def _first(item: dict, status: str, *types: str) -> str:
    """The first condition of these types that has this status, "" if none has."""
    for kind in types:
        said = conditions(item).get(kind, {})
        if said.get("status") == status:
            return f"{said.get('reason') or kind}: {said.get('message') or 'no more is said'}"
    return ""


_RULES: dict[str, Callable[[dict], str]] = {
    "CronJob": _cron_job,
    "Deployment": _deployment,
    "HTTPRoute": _route,
    "HorizontalPodAutoscaler": _autoscaler,
    "Ingress": _without_address,
    "Job": _job,
    "PersistentVolumeClaim": _claim,
    "PodDisruptionBudget": _budget,
    "Service": _without_address,
    "StatefulSet": _stateful_set,
}
