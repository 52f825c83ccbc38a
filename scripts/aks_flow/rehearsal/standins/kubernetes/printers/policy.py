"""Tables of autoscalers, budgets, quotas, accounts and roles."""

from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.printers.columns import table
from aks_flow.rehearsal.standins.kubernetes.printers.values import NONE, UNKNOWN, UNSET, age, spec, status

_SHOWN_METRICS = 2


def autoscaler(item: dict, now: datetime) -> list:
    given, target = spec(item), spec(item).get("scaleTargetRef") or {}
    least = given.get("minReplicas")
    counts = [UNSET if least is None else str(least), given.get("maxReplicas", 0)]
    shown = [f"{target.get('kind', '')}/{target.get('name', '')}", _targets(item), *counts]
    return [*shown, status(item).get("currentReplicas", 0), age(item, now)]


def disruption_budget(item: dict, now: datetime) -> list:
    bounds = [spec(item).get(field) for field in ("minAvailable", "maxUnavailable")]
    shown = ["N/A" if bound is None else str(bound) for bound in bounds]
    return [*shown, status(item).get("disruptionsAllowed", 0), age(item, now)]


def resource_quota(item: dict, now: datetime) -> list:
    hard, used = (status(item).get(field) or {} for field in ("hard", "used"))
    texts = {name: f"{name}: {used.get(name, 0)}/{amount}" for name, amount in sorted(hard.items())}
    limits = [text for name, text in texts.items() if name.startswith("limits.")]
    return [
        ", ".join(text for text in texts.values() if text not in limits),
        ", ".join(limits),
        age(item, now),
    ]


def service_account(item: dict, now: datetime) -> list:
    return [len(item.get("secrets") or ()), age(item, now)]


def role_binding(item: dict, now: datetime) -> list:
    reference = item.get("roleRef") or {}
    subjects = [_subjects(item, kind) for kind in ("User", "Group", "ServiceAccount")]
    return [f"{reference.get('kind', '')}/{reference.get('name', '')}", age(item, now), *subjects]


def priority_class(item: dict, now: datetime) -> list:
    shown = [item.get("value", 0), bool(item.get("globalDefault")), age(item, now)]
    return [*shown, item.get("preemptionPolicy", "")]


def _subjects(item: dict, kind: str) -> str:
    subjects = [subject for subject in item.get("subjects") or () if subject.get("kind") == kind]
    names = (f"{subject.get('namespace', '')}/{subject.get('name', '')}" for subject in subjects)
    return ", ".join(name if kind == "ServiceAccount" else name.partition("/")[2] for name in names)


def _targets(item: dict) -> str:
    current = {_key(metric): metric for metric in status(item).get("currentMetrics") or ()}
    texts = [_target(metric, current.get(_key(metric))) for metric in spec(item).get("metrics") or ()]
    if len(texts) > _SHOWN_METRICS:
        return f"{', '.join(texts[:_SHOWN_METRICS])} + {len(texts) - _SHOWN_METRICS} more..."
    return ", ".join(texts) or NONE


def _key(metric: dict) -> tuple[str, str]:
    return metric.get("type", ""), _source(metric).get("name", "")


def _source(metric: dict) -> dict:
    kind = metric.get("type", "")
    return metric.get(kind[:1].lower() + kind[1:]) or {}


def _target(metric: dict, current: dict | None) -> str:
    target, now = (
        _source(metric).get("target") or {},
        _source(current).get("current") or {} if current else {},
    )
    prefix = f"{_source(metric).get('name')}: " if _source(metric).get("name") else ""
    if target.get("averageUtilization") is not None:
        seen = now.get("averageUtilization")
        return f"{prefix}{UNKNOWN if seen is None else f'{seen}%'}/{target['averageUtilization']}%"
    for field, suffix in (("averageValue", " (avg)"), ("value", "")):
        if target.get(field) is not None:
            shown_suffix = suffix if metric.get("type") == "External" else ""
            return f"{prefix}{now.get(field) or UNKNOWN}/{target[field]}{shown_suffix}"
    return f"{prefix}{UNKNOWN}"


_SUBJECTS = ("+Users", "+Groups", "+ServiceAccounts")
TABLES = {
    kinds.HORIZONTAL_POD_AUTOSCALER: table(
        autoscaler, "Reference", "Targets", "MinPods", "MaxPods", "Replicas", "Age"
    ),
    kinds.POD_DISRUPTION_BUDGET: table(
        disruption_budget, "Min Available", "Max Unavailable", "Allowed Disruptions:integer", "Age"
    ),
    kinds.RESOURCE_QUOTA: table(resource_quota, "Request", "Limit", "Age"),
    kinds.SERVICE_ACCOUNT: table(service_account, "Secrets", "Age"),
    kinds.ROLE_BINDING: table(role_binding, "Role", "Age", *_SUBJECTS),
    kinds.CLUSTER_ROLE_BINDING: table(role_binding, "Role", "Age", *_SUBJECTS),
    kinds.PRIORITY_CLASS: table(
        priority_class, "Value:integer", "Global-Default:boolean", "Age", "PreemptionPolicy"
    ),
}
