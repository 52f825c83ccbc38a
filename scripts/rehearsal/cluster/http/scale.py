"""The scale subresource: a workload's replicas as an autoscaling/v1 Scale."""

import json

from aiohttp import web

from scripts.rehearsal.cluster.http import body, parameters
from scripts.rehearsal.cluster.http.answer import reply
from scripts.rehearsal.cluster.http.target import Target
from scripts.rehearsal.cluster.http.write import manager, patched
from scripts.rehearsal.cluster.kinds import Kind
from scripts.rehearsal.cluster.objects import Objects
from scripts.rehearsal.cluster.status import Cause, invalid, method_not_allowed

SCALE = Kind("autoscaling", "v1", "Scale", "scales", "scale")
_IDENTITY = ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")


async def handle(request: web.Request, objects: Objects, target: Target) -> web.Response:
    workload = objects.get(target.kind, target.where, target.name)
    if request.method == "GET":
        return reply(_scale(workload))
    if request.method not in ("PUT", "PATCH"):
        raise method_not_allowed()
    scaled = Target(SCALE, target.namespace, target.name)
    if request.method == "PUT":
        wanted = await body.read(request, scaled)
    else:
        _, wanted = await patched(request, scaled, _scale(workload))
    body.check_kind(scaled, wanted)
    body.check_place(scaled, wanted)
    workload["spec"]["replicas"] = _replicas(target.name, wanted)
    workload["metadata"]["resourceVersion"] = wanted["metadata"].get("resourceVersion")
    dry_run = parameters.dry_run(request.query)
    return reply(_scale(objects.update(target.kind, workload, None, dry_run, manager(request), "scale")))


def _scale(workload: dict) -> dict:
    spec, status = workload["spec"], workload.get("status", {})
    metadata = workload["metadata"]
    return {
        "kind": SCALE.kind,
        "apiVersion": SCALE.api_version,
        "metadata": {field: metadata[field] for field in _IDENTITY if field in metadata},
        "spec": {"replicas": spec.get("replicas", 1)},
        "status": {"replicas": status.get("replicas", 0), "selector": _selector_text(spec.get("selector"))},
    }


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
    for each in selector.get("matchExpressions") or ():
        values = ",".join(sorted(each.get("values") or ()))
        terms.append(_EXPRESSIONS[each["operator"]].format(key=each["key"], values=values))
    return ",".join(terms)


_EXPRESSIONS = {
    "In": "{key} in ({values})",
    "NotIn": "{key} notin ({values})",
    "Exists": "{key}",
    "DoesNotExist": "!{key}",
}
