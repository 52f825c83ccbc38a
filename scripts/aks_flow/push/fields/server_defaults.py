"""Defaults that the server set because of fields which the manifests no longer have. Pure.

Nobody owns them, so that no server-side apply takes them away: an account of pods comes back by its old name,
a strategy is refused for the parameters of another one, a policy still forbids what it has no rules for.
https://github.com/kubernetes/kubernetes/issues/72519, https://github.com/kubernetes/kubernetes/issues/24198
"""

import re
from collections.abc import Iterator
from functools import reduce

from aks_flow.push.fields import field_set
from aks_flow.push.fields.field_set import MISSING, FieldSet, Path, part
from aks_flow.push.fields.managers import Manager, deliverer, former, managers, people

_TEMPLATE = ("f:spec", "f:template", "f:spec")
_PODS = {
    "Deployment": _TEMPLATE,
    "StatefulSet": _TEMPLATE,
    "DaemonSet": _TEMPLATE,
    "CronJob": ("f:spec", "f:jobTemplate", *_TEMPLATE),
}
_STRATEGIES = {"Deployment": "strategy", "StatefulSet": "updateStrategy", "DaemonSet": "updateStrategy"}
# Several faults of an object are in brackets. Where kubectl tells of several objects, kinds have their group.
_REFUSED = re.compile(r'(\w+)(?:\.apps)? "([^"]+)" is invalid: spec\.\w+\.rollingUpdate: ')


def refused_for_strategy(refusal: str) -> set[str]:
    """The names of the objects that the server refused only for the parameters of another strategy."""
    return {f"{kind.lower()}.apps/{name}" for kind, name in _REFUSED.findall(refusal)}


def stale_defaults(item: dict, live: dict) -> FieldSet:
    """The fields of a live object that the server set, whose cause has left the manifest's ``item``."""
    own = [manager for manager in (deliverer(live), *former(live), *people(live)) if manager]
    strangers = [manager for manager in managers(live) if manager not in own]
    fields: FieldSet = {}
    for group in _causes(item, live) if own else []:
        if not any(_has(manager, path) for manager in strangers for path in group):
            unowned = [path for path in group if not any(_has(manager, path) for manager in own)]
            fields = reduce(field_set.union, (_owned(live, path) for path in unowned), fields)
    return fields


def _causes(item: dict, live: dict) -> Iterator[list[Path]]:
    """What was filled in together, wherever its cause is not in the manifest."""
    kind, spec = item["kind"], item.get("spec") or {}
    accounts = [(*_PODS.get(kind, ()), f"f:{name}") for name in ("serviceAccountName", "serviceAccount")]
    if kind in _PODS and all(_at(item, path) in (MISSING, None, "") for path in accounts):
        yield accounts
    strategy = spec.get(_STRATEGIES.get(kind)) or {}
    if strategy.get("type", "RollingUpdate") != "RollingUpdate" and not strategy.get("rollingUpdate"):
        yield [("f:spec", f"f:{_STRATEGIES[kind]}", "f:rollingUpdate")]
    types = ["Ingress", *(["Egress"] if spec.get("egress") else [])]
    if kind == "NetworkPolicy" and not spec.get("policyTypes") and live["spec"].get("policyTypes") != types:
        yield [("f:spec", "f:policyTypes")]


def _has(manager: Manager, path: Path) -> bool:
    return field_set.at(manager.fields, path) is not None


def _owned(live: dict, path: Path) -> FieldSet:
    """The field with all that is below it, as the server writes what somebody owns; {} if it is not there."""
    value = _at(live, path)
    return {} if value is MISSING else reduce(lambda below, step: {step: below}, reversed(path), _all(value))


def _at(value: object, path: Path) -> object:
    return reduce(part, path, value)


def _all(value: object) -> FieldSet:
    below = {f"f:{key}": _all(item) for key, item in value.items()} if isinstance(value, dict) else {}
    return {".": {}, **below} if below else {}
