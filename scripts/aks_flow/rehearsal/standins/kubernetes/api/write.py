"""create, replace, patch, delete and deletecollection."""

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes import patch, schema
from aks_flow.rehearsal.standins.kubernetes.api import apply, body, duplicate_fields, parameters
from aks_flow.rehearsal.standins.kubernetes.api.read import shape, shape_list
from aks_flow.rehearsal.standins.kubernetes.api.responses import dump, negotiate, reply
from aks_flow.rehearsal.standins.kubernetes.api.selection import Selection
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import (
    Cause,
    bad_request,
    invalid,
    invalid_options,
    success,
)
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.options import DeleteOptions, WriteOptions

# A full replacement of these without a resourceVersion could undo what someone else wrote.
_CONDITIONAL = (kinds.CUSTOM_RESOURCE_DEFINITION, kinds.LEASE, kinds.POD_DISRUPTION_BUDGET)
# Their deletion is answered with the object, not with a Status.
_SHOWN_WHEN_GONE = (
    kinds.PERSISTENT_VOLUME,
    kinds.PERSISTENT_VOLUME_CLAIM,
    kinds.POD,
    kinds.POD_TEMPLATE,
    kinds.RESOURCE_QUOTA,
    kinds.SERVICE,
    kinds.SERVICE_ACCOUNT,
)


async def create(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    form = negotiate(request)
    options, mode = write_options(request), parameters.field_validation(request.query)
    item = await body.read(request, target)
    body.check_kind(target, item)
    body.check_place(target, item)
    if item["metadata"].get("resourceVersion"):
        raise bad_request("resourceVersion should not be set on objects to be created")
    warnings = schema.strict(target.kind, item, mode, repeated=await duplicate_fields.faults(request))
    created = objects.create(target.kind, item, options)
    return reply(shape(form, request, target.kind, created), 201, warnings)


async def replace(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    form = negotiate(request)
    options, mode = write_options(request), parameters.field_validation(request.query)
    item = await body.read(request, target)
    body.check_kind(target, item)
    body.check_place(target, item)
    warnings = schema.strict(target.kind, item, mode, repeated=await duplicate_fields.faults(request))
    objects.get(target.kind, target.where, target.name)
    conditional = target.kind in _CONDITIONAL or target.kind.is_custom
    if conditional and not item["metadata"].get("resourceVersion"):
        text = "Invalid value: 0: must be specified for an update"
        cause = Cause("metadata.resourceVersion", "FieldValueInvalid", text)
        raise invalid(target.kind, target.name, [cause])
    updated = objects.update(target.kind, item, target.subresource or None, options)
    return reply(shape(form, request, target.kind, updated), 200, warnings)


async def apply_patch(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    if request.content_type == patch.APPLY_PATCH:
        return await apply.server_side(request, objects, target)
    if "force" in request.query:
        raise invalid_options("PatchOptions", "force: Forbidden: may not be specified for non-apply patch")
    form = negotiate(request)
    options, mode = write_options(request), parameters.field_validation(request.query)
    current = objects.get(target.kind, target.where, target.name)
    change, item = await patched(request, target, current)
    body.check_kind(target, item)
    body.check_place(target, item)
    shown = change if request.content_type == patch.STRATEGIC_MERGE_PATCH else dump(item).decode()
    warnings = schema.strict(target.kind, item, mode, shown)
    updated = objects.update(target.kind, item, target.subresource or None, options)
    return reply(shape(form, request, target.kind, updated), 200, warnings)


async def patched(request: web.Request, target: RequestTarget, current: dict) -> tuple[dict | list, dict]:
    """The request's patch, and the object after it. StatusError 400, 415 or 422."""
    change = body.json_value(await request.read(), "patch")
    item = patch.apply(request.content_type, target.kind, current, change)
    if not isinstance(item, dict) or not isinstance(item.get("metadata"), dict):
        raise bad_request("the patch leaves no object with metadata")
    return change, item


async def delete(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    options = await _delete_options(request)
    item = objects.delete(target.kind, target.where, target.name, options)
    metadata = item["metadata"]
    if "deletionTimestamp" in metadata or target.kind in _SHOWN_WHEN_GONE:
        return reply(item)
    return reply(success(target.kind, metadata["name"], metadata["uid"]))


async def delete_collection(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    options = await _delete_options(request)
    selection = Selection.of(request.query, target)
    items = objects.list(target.kind, target.where, selection.labels, selection.fields)
    gone = [objects.delete(target.kind, target.where, item["metadata"]["name"], options) for item in items]
    metadata = {"resourceVersion": str(objects.store.revision)}
    return reply(shape_list(negotiate(request), request, target.kind, gone, metadata))


def write_options(request: web.Request, through: str = "") -> WriteOptions:
    """What the query says, and who writes. through: the subresource that signs. StatusError 422."""
    manager = parameters.manager(request.query, request.headers.get("User-Agent", ""))
    return WriteOptions(parameters.dry_run(request.query), manager, through)


async def _delete_options(request: web.Request) -> DeleteOptions:
    """What the body says, or else the query. StatusError 400 or 422."""
    given = await body.options(request)
    preconditions = given.get("preconditions") or {}
    grace = given.get("gracePeriodSeconds", parameters.number(request.query, "gracePeriodSeconds"))
    propagation = given.get("propagationPolicy") or request.query.get("propagationPolicy")
    if given.get("orphanDependents"):
        propagation = "Orphan"
    if propagation not in (None, "Background", "Foreground", "Orphan"):
        known = '"Background", "Foreground", "Orphan"'
        raise bad_request(
            f'invalid propagationPolicy: Unsupported value: "{propagation}": supported values: {known}'
        )
    if grace is not None and (not isinstance(grace, int) or isinstance(grace, bool)):
        raise bad_request("invalid gracePeriodSeconds: must be a whole number")
    return DeleteOptions(
        grace,
        propagation,
        uid=preconditions.get("uid"),
        resource_version=preconditions.get("resourceVersion"),
        dry_run=bool(given.get("dryRun")) or parameters.dry_run(request.query),
    )
