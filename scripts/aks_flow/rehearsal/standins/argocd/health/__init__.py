"""How an object is, by Argo CD's rules. Pure.

https://argo-cd.readthedocs.io/en/stable/operator-manual/health/
"""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.argocd import names, object_refs
from aks_flow.rehearsal.standins.argocd.health import jobs, other_kinds, pods, policies, workloads
from aks_flow.rehearsal.standins.argocd.health.status import (
    DEGRADED,
    HEALTHY,
    MISSING,
    ORDER,
    PROGRESSING,
    UNKNOWN,
    Health,
)

__all__ = ["DEGRADED", "HEALTHY", "MISSING", "PROGRESSING", "Health", "of", "overall"]

_RULES = {
    ("apps", "Deployment"): workloads.deployment,
    ("apps", "StatefulSet"): workloads.stateful_set,
    ("apps", "DaemonSet"): workloads.daemon_set,
    ("apps", "ReplicaSet"): workloads.replica_set,
    ("", "Pod"): pods.pod,
    ("", "Service"): other_kinds.service,
    ("", "PersistentVolumeClaim"): other_kinds.claim,
    ("batch", "Job"): jobs.job,
    ("batch", "CronJob"): jobs.cron_job,
    ("autoscaling", "HorizontalPodAutoscaler"): policies.autoscaler,
    ("policy", "PodDisruptionBudget"): policies.budget,
    ("gateway.networking.k8s.io", "HTTPRoute"): policies.route,
    ("networking.k8s.io", "Ingress"): other_kinds.ingress,
    ("argoproj.io", "Application"): other_kinds.application,
}


def of(item: dict | None) -> Health | None:
    """None for a kind that has no health of its own; Missing for an object that is not there."""
    if item is None:
        return Health(MISSING)
    if item["metadata"].get("deletionTimestamp"):
        return Health(PROGRESSING, "Pending deletion")
    rule = _RULES.get((object_refs.group(item), item["kind"]))
    return rule(item) if rule else None


def overall(assessed: Iterable[tuple[dict | None, Health | None]]) -> str:
    """The worst of all (object, health). What is missing counts only if nothing at all is there.

    An object whose annotation says so does not count, nor an Application that misses all or is unknown.
    """
    pairs = list(assessed)
    present = [health.status for item, health in pairs if item and health and _counts(item, health)]
    if pairs and not any(item for item, _ in pairs):
        return MISSING
    return max(present, key=ORDER.index, default=HEALTHY)


def _counts(item: dict, health: Health) -> bool:
    is_application = (object_refs.group(item), item["kind"]) == ("argoproj.io", "Application")
    says_nothing = is_application and health.status in (MISSING, UNKNOWN)
    return not says_nothing and object_refs.annotation(item, names.IGNORE_HEALTH) != "true"
