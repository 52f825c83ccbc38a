"""What one may ask of a pod besides reading and writing it: binding and eviction."""

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api import body, parameters
from aks_flow.rehearsal.standins.kubernetes.api.responses import reply
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Selector
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause, StatusError, conflict, invalid
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.options import DeleteOptions, WriteOptions


async def bind(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    """Put a pod on a node, once."""
    return _bind(request, objects, target.where, target.name, await body.read(request, target))


async def bind_named(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    """The same, from a Binding that names the pod."""
    binding = await body.read(request, target)
    return _bind(request, objects, target.where, binding["metadata"].get("name", ""), binding)


def _bind(request: web.Request, objects: Objects, namespace: str, name: str, binding: dict) -> web.Response:
    node = (binding.get("target") or {}).get("name")
    if not node:
        raise invalid(kinds.BINDING, name, [Cause("target.name", "FieldValueRequired", "Required value")])
    pod = objects.get(kinds.POD, namespace, name)
    if bound := pod["spec"].get("nodeName"):
        raise conflict(kinds.POD, name, f'pod {name} is already assigned to node "{bound}"')
    pod["spec"]["nodeName"] = node
    objects.update(kinds.POD, pod, options=WriteOptions(parameters.dry_run(request.query)))
    return reply(_created(), 201)


async def evict(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    """Delete a pod, unless a disruption budget forbids it (429)."""
    eviction = await body.read(request, target)
    pod = objects.get(kinds.POD, target.where, target.name)
    for budget in objects.list(kinds.POD_DISRUPTION_BUDGET, target.where):
        if _covers(budget, pod):
            _spend(objects, budget, parameters.dry_run(request.query))
    given = eviction.get("deleteOptions") or {}
    dry_run = parameters.dry_run(request.query) or bool(given.get("dryRun"))
    options = DeleteOptions(given.get("gracePeriodSeconds"), dry_run=dry_run)
    objects.delete(kinds.POD, target.where, target.name, options)
    return reply(_created(), 201)


def _covers(budget: dict, pod: dict) -> bool:
    selector = Selector.from_object(budget["spec"].get("selector"))
    return selector.matches(pod["metadata"].get("labels"))


def _spend(objects: Objects, budget: dict, dry_run: bool) -> None:
    status = budget.get("status") or {}
    if status.get("disruptionsAllowed", 0) < 1:
        raise _refused(budget)
    if not dry_run:
        budget["status"] = status | {"disruptionsAllowed": status["disruptionsAllowed"] - 1}
        objects.update(kinds.POD_DISRUPTION_BUDGET, budget, "status")


def _refused(budget: dict) -> StatusError:
    name, status = budget["metadata"]["name"], budget.get("status") or {}
    why = (
        f"The disruption budget {name} needs {status.get('desiredHealthy', 0)} healthy pods "
        f"and has {status.get('currentHealthy', 0)} currently"
    )
    text = "Cannot evict pod as it would violate the pod's disruption budget."
    details = {"causes": [{"reason": "DisruptionBudget", "message": why}]}
    return StatusError(429, "TooManyRequests", text, details)


def _created() -> dict:
    return {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Success", "code": 201}
