"""ResourceQuotas: what an object counts for, and whether a namespace has room for it. Pure.

Rules: https://kubernetes.io/docs/concepts/policy/resource-quotas/
"""

import math
from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from aks_flow.rehearsal.standins.kubernetes.admission import pod_resources
from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Requirement
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.schema import quantity

# Counted under their plain name too.
_PLAIN = frozenset(
    (
        *(kinds.CONFIG_MAP, kinds.PERSISTENT_VOLUME_CLAIM, kinds.REPLICATION_CONTROLLER),
        *(kinds.RESOURCE_QUOTA, kinds.SECRET, kinds.SERVICE),
    )
)
_MEASURED = ("cpu", "memory")  # what a container must state where a quota limits it
_BYTES = ("memory", "storage")


def concerns(quota: dict, kind: Kind) -> bool:
    """Whether the quota may count objects of the kind."""
    return kind in _SPECIAL or kind in _PLAIN or f"count/{kind.resource}" in _hard(quota)


def counted(kind: Kind, item: dict) -> Counter:
    """Quota resource name -> what the object uses of it; empty for a pod that has ended."""
    usage = Counter({f"count/{kind.resource}": 1} | ({kind.plural: 1} if kind in _PLAIN else {}))
    if special := _SPECIAL.get(kind):
        usage.update(special(item))
    return usage


def used(quota: dict, items: Iterable[tuple[Kind, dict]]) -> Counter:
    """What the objects use together of what the quota limits."""
    usage = Counter()
    for kind, item in items:
        if applies(quota, kind, item):
            usage.update(
                {name: amount for name, amount in counted(kind, item).items() if name in _hard(quota)}
            )
    return usage


def applies(quota: dict, kind: Kind, item: dict) -> bool:
    """Whether the quota's scopes, which are about pods alone, take the object in."""
    spec = quota.get("spec") or {}
    scopes = spec.get("scopes") or []
    terms = (spec.get("scopeSelector") or {}).get("matchExpressions") or []
    if not scopes and not terms:
        return True
    return (
        kind == kinds.POD
        and all(_in_scope(scope, item) for scope in scopes)
        and all(_matches(term, item) for term in terms)
    )


def refusal(quota: dict, before: Counter, kind: Kind, old: dict | None, new: dict) -> str:
    """Why the quota has no room for a new object (old is None) or a change; "" if it has.

    before: what is used now, the old object included.
    """
    if not applies(quota, kind, new):
        return ""
    name, hard = quota["metadata"]["name"], _hard(quota)
    if kind == kinds.POD and (unstated := _unstated(hard, new)):
        return f"failed quota: {name}: must specify {unstated}"
    more = counted(kind, new)
    more.subtract(counted(kind, old) if old and applies(quota, kind, old) else {})
    exceeded = sorted(
        resource
        for resource, amount in more.items()
        if amount > 0 and resource in hard and before[resource] + amount > hard[resource]
    )
    if not exceeded:
        return ""
    texts = (("requested", more), ("used", before), ("limited", hard))
    parts = (f"{word}: {_listed(exceeded, amounts)}" for word, amounts in texts)
    return f"exceeded quota: {name}, {', '.join(parts)}"


def status(quota: dict, amounts: Counter) -> dict:
    """The quota's status when the amounts are used."""
    hard = (quota.get("spec") or {}).get("hard") or {}
    return {"hard": hard, "used": {name: shown(name, amounts[name]) for name in hard}}


def shown(name: str, amount: Fraction | int) -> str:
    """An amount as a quantity: ``2``, ``500m``, ``128Mi``."""
    if name.endswith(_BYTES) and amount % 1024 == 0:
        return quantity.canonical(f"{int(amount) // 1024}Ki")
    return quantity.canonical(f"{math.ceil(amount * 1000)}m")


def _hard(quota: dict) -> dict[str, Fraction]:
    hard = (quota.get("spec") or {}).get("hard") or {}
    return {name: quantity.parse(amount) for name, amount in hard.items()}


def _listed(names: list[str], amounts: dict) -> str:
    return ",".join(f"{name}={shown(name, amounts[name])}" for name in names)


def _pod(pod: dict) -> dict:
    if pod.get("status", {}).get("phase") in ("Succeeded", "Failed"):
        return {}
    requests, limits = (pod_resources.total(pod, field) for field in ("requests", "limits"))
    usage = {"pods": 1} | {f"requests.{name}": amount for name, amount in requests.items()}
    usage |= {name: amount for name, amount in requests.items() if name in (*_MEASURED, "ephemeral-storage")}
    return usage | {f"limits.{name}": amount for name, amount in limits.items()}


def _service(service: dict) -> dict:
    spec = service["spec"]
    usage = {"services.loadbalancers": 1} if spec.get("type") == "LoadBalancer" else {}
    ports = sum(bool(port.get("nodePort")) for port in spec.get("ports") or ())
    return usage | ({"services.nodeports": ports} if ports else {})


def _claim(claim: dict) -> dict:
    asked = ((claim["spec"].get("resources") or {}).get("requests") or {}).get("storage", "0")
    return {"requests.storage": quantity.parse(asked)}


def _unstated(hard: dict, pod: dict) -> str:
    """``limits.cpu for: web; requests.memory for: web,side``: what a limited container leaves out."""
    missing = []
    for name in sorted(hard):
        field, _, resource = name.rpartition(".")
        if resource in _MEASURED and field in ("", "requests", "limits"):
            containers = [*(pod["spec"].get("initContainers") or ()), *pod["spec"]["containers"]]
            field = field or "requests"
            without = [
                container["name"]
                for container in containers
                if resource not in pod_resources.amounts(container, field)
            ]
            missing += [f"{name} for: {','.join(without)}"] if without else []
    return "; ".join(missing)


def _in_scope(scope: str, pod: dict) -> bool:
    return _SCOPES.get(scope, lambda _: False)(pod)


def _matches(term: dict, pod: dict) -> bool:
    if term["scopeName"] != "PriorityClass":
        return _in_scope(term["scopeName"], pod)
    name = pod["spec"].get("priorityClassName")
    requirement = Requirement("name", term["operator"], frozenset(term.get("values") or ()))
    return requirement.matches({"name": name} if name else {})


_SPECIAL = {kinds.POD: _pod, kinds.SERVICE: _service, kinds.PERSISTENT_VOLUME_CLAIM: _claim}
_SCOPES = {
    "Terminating": lambda pod: pod["spec"].get("activeDeadlineSeconds") is not None,
    "NotTerminating": lambda pod: pod["spec"].get("activeDeadlineSeconds") is None,
    "BestEffort": lambda pod: pod["status"].get("qosClass") == "BestEffort",
    "NotBestEffort": lambda pod: pod["status"].get("qosClass") != "BestEffort",
}
