"""The scale subresource: a workload's replicas as an autoscaling/v1 Scale."""

import json
from dataclasses import dataclass

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api import apply, body
from aks_flow.rehearsal.standins.kubernetes.api.responses import reply
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.api.write import patched, write_options
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause, invalid, method_not_allowed
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.patch import APPLY_PATCH

SCALE = Kind("autoscaling", "v1", "Scale", "scales", "scale")
_IDENTITY = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


@dataclass(frozen=True)
class _Places:
    """Where a workload keeps its replicas, how many there are, and a custom one its selector's text."""

    replicas: tuple[str, ...] = ("spec", "replicas")
    current: tuple[str, ...] = ("status", "replicas")
    selector: tuple[str, ...] = ()

    @classmethod
    def of(cls, kind: Kind) -> "_Places":
        if not kind.is_custom:
            return cls()
        names = ("specReplicasPath", "statusReplicasPath", "labelSelectorPath")
        paths = (kind.scaling.get(name, "").strip(".") for name in names)
        return cls(*(tuple(path.split(".")) if path else () for path in paths))


async def handle(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    workload = objects.get(target.kind, target.where, target.name)
    places = _Places.of(target.kind)
    if request.method == "GET":
        return reply(_scale(places, workload))
    if request.method not in ("PUT", "PATCH"):
        raise method_not_allowed()
    scaled = RequestTarget(SCALE, target.namespace, target.name)
    if request.content_type == APPLY_PATCH:
        return await _applied(request, objects, target, scaled)
    if request.method == "PUT":
        scale = await body.read(request, scaled)
    else:
        _, scale = await patched(request, scaled, _scale(places, workload))
    body.check_kind(scaled, scale)
    body.check_place(scaled, scale)
    _put(workload, places.replicas, _replicas(target.name, scale))
    workload["metadata"]["resourceVersion"] = scale["metadata"].get("resourceVersion")
    changed = objects.update(target.kind, workload, options=write_options(request, through="scale"))
    return reply(_scale(places, changed))


async def _applied(
    request: web.Request, objects: Objects, target: RequestTarget, scaled: RequestTarget
) -> web.Response:
    """Server-side apply: the manager owns the workload's replicas, through its scale."""
    config, places = await apply.read(request, scaled), _Places.of(target.kind)
    metadata = {"name": target.name, "namespace": target.where}
    item = {"kind": target.kind.kind, "apiVersion": target.kind.api_version, "metadata": metadata}
    _put(item, places.replicas, _replicas(target.name, config))
    changed, _ = apply.write(request, objects, target, item)
    return reply(_scale(places, changed))


def _scale(places: _Places, workload: dict) -> dict:
    metadata = workload["metadata"]
    selector = _at(workload, places.selector) if places.selector else _selector_of(workload)
    return {
        "kind": SCALE.kind,
        "apiVersion": SCALE.api_version,
        "metadata": {field: metadata[field] for field in _IDENTITY if field in metadata},
        "spec": {"replicas": _at(workload, places.replicas) or 0},
        "status": {"replicas": _at(workload, places.current) or 0, "selector": selector or ""},
    }


def _at(item: object, path: tuple[str, ...]) -> object:
    for step in path:
        item = item.get(step) if isinstance(item, dict) else None
    return item


def _put(item: dict, path: tuple[str, ...], value: int) -> None:
    for step in path[:-1]:
        item = item.setdefault(step, {})
    item[path[-1]] = value


def _selector_of(workload: dict) -> str:
    return _selector_text(workload["spec"].get("selector"))


def _replicas(name: str, scale: dict) -> int:
    replicas = (scale.get("spec") or {}).get("replicas", 0)
    if isinstance(replicas, int) and not isinstance(replicas, bool) and replicas >= 0:
        return replicas
    text = f"Invalid value: {json.dumps(replicas)}: must be greater than or equal to 0"
    raise invalid(SCALE, name, [Cause("spec.replicas", "FieldValueInvalid", text)])


def _selector_text(selector: dict | None) -> str:
    """``{matchLabels: {app: web}}`` -> ``app=web``."""
    selector = selector or {}
    terms = [f"{key}={value}" for key, value in sorted((selector.get("matchLabels") or {}).items())]
    for expression in selector.get("matchExpressions") or ():
        values = ",".join(sorted(expression.get("values") or ()))
        terms.append(_EXPRESSIONS[expression["operator"]].format(key=expression["key"], values=values))
    return ",".join(terms)


_EXPRESSIONS = {
    "In": "{key} in ({values})",
    "NotIn": "{key} notin ({values})",
    "Exists": "{key}",
    "DoesNotExist": "!{key}",
}
