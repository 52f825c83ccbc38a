"""Server-side apply: a PATCH whose body is what its manager wants of an object."""

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes import schema
from aks_flow.rehearsal.standins.kubernetes.api import body, duplicate_fields, parameters
from aks_flow.rehearsal.standins.kubernetes.api.read import shape
from aks_flow.rehearsal.standins.kubernetes.api.responses import negotiate, reply
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import (
    StatusError,
    bad_request,
    invalid_options,
)
from aks_flow.rehearsal.standins.kubernetes.field_management import Conflicts, duplicates
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.options import WriteOptions


async def server_side(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    """201 if the object is new. StatusError 400, 409 conflict, 422 without a manager."""
    form = negotiate(request)
    config = await read(request, target)
    warnings = await duplicate_fields.of_applied(request)
    item, new = write(request, objects, target, config)
    return reply(shape(form, request, target.kind, item), 201 if new else 200, warnings)


async def read(request: web.Request, target: RequestTarget) -> dict:
    """What is applied, checked. StatusError 400, 422 without a manager."""
    if not request.query.get("fieldManager"):
        raise invalid_options("PatchOptions", "fieldManager: Required value: is required for apply patch")
    config = await body.read_apply(request, target)
    _check(target, config)
    return config


def write(request: web.Request, objects: Objects, target: RequestTarget, config: dict) -> tuple[dict, bool]:
    """The object, and whether it is new. StatusError 409 if another manager owns a field."""
    try:
        return objects.apply(
            target.kind,
            config,
            WriteOptions(parameters.dry_run(request.query), parameters.manager(request.query, "")),
            force=parameters.flag(request.query, "force"),
            subresource=target.subresource or None,
        )
    except Conflicts as conflicts:
        raise _conflict(conflicts) from conflicts


def _check(target: RequestTarget, config: dict) -> None:
    kind = target.kind
    version = config.get("apiVersion")
    if version != kind.api_version:
        text = "Incorrect version specified in apply patch. Specified patch version"
        raise bad_request(f"{text}: {version}, expected: {kind.api_version}")
    config["metadata"].setdefault("name", target.name)
    body.check_kind(target, config)
    body.check_place(target, config)
    if config["metadata"].get("managedFields") is not None:
        raise bad_request("metadata.managedFields must be nil")
    if faults := schema.undeclared(kind, config) or duplicates(kind, config):
        named = f"{target.where}/{target.name}; {kind.api_version}, Kind={kind.kind}"
        listed = faults[0] if len(faults) == 1 else "errors:\n" + "\n".join(f"  {fault}" for fault in faults)
        # A standard server says the same with 500, which it is not: the fault is in what was sent.
        raise StatusError(400, "", f"failed to create typed patch object ({named}): {listed}")


def _conflict(conflicts: Conflicts) -> StatusError:
    causes = [
        {"reason": "FieldManagerConflict", "message": f"conflict with {manager}", "field": field}
        for manager, field in conflicts.fields
    ]
    return StatusError(409, "Conflict", conflicts.message, {"causes": causes})
