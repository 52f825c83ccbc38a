"""get and list, as objects, tables or metadata only."""

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes import printers
from aks_flow.rehearsal.standins.kubernetes.api import parameters
from aks_flow.rehearsal.standins.kubernetes.api.json_cache import JsonCache, without_type
from aks_flow.rehearsal.standins.kubernetes.api.paging import Page
from aks_flow.rehearsal.standins.kubernetes.api.responses import Form, negotiate, reply, reply_text
from aks_flow.rehearsal.standins.kubernetes.api.selection import Selection
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError, expired
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

_TEXTS = JsonCache()


def get(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    form = negotiate(request)
    check_version(request, objects)
    item = objects.get(target.kind, target.where, target.name)
    return reply(shape(form, request, target.kind, item))


def list_(request: web.Request, objects: Objects, target: RequestTarget) -> web.Response:
    form = negotiate(request)
    parameters.check_version_match(request.query)
    check_version(request, objects)
    selection = Selection.of(request.query, target)
    page = Page.of(request, objects.store)
    revision = objects.store.revision if page.revision is None else page.revision
    items = objects.look(target.kind, target.namespace, selection.labels, selection.fields, page.revision)
    items, more = page.cut(items, revision, selection.narrows)
    metadata = {"resourceVersion": str(revision)} | more
    if not form.shape:
        return reply_text(_TEXTS.list(target.kind, items, metadata))
    return reply(shape_list(form, request, target.kind, items, metadata))


def shape(form: Form, request: web.Request, kind: Kind, item: dict, headers: bool = True) -> dict:
    """One object in the form asked for."""
    if form.shape == "Table":
        version = item["metadata"].get("resourceVersion", "")
        table = _table(form, request, kind, [item], {"resourceVersion": version})
        return table if headers else table | {"columnDefinitions": []}
    return _partial(item, form) if form.shape else item


def shape_list(form: Form, request: web.Request, kind: Kind, items: list[dict], metadata: dict) -> dict:
    if form.shape == "Table":
        return _table(form, request, kind, items, metadata)
    if form.shape:
        version = f"meta.k8s.io/{form.version}"
        shaped = [_partial(item, form) for item in items]
        return {"kind": f"{form.shape}List", "apiVersion": version, "metadata": metadata, "items": shaped}
    if not kind.is_custom:
        items = [without_type(item) for item in items]
    return {"kind": kind.list_name, "apiVersion": kind.api_version, "metadata": metadata, "items": items}


def _table(form: Form, request: web.Request, kind: Kind, items: list[dict], metadata: dict) -> dict:
    table = printers.render(kind, items, times.stamp(times.now()))
    table |= {"apiVersion": f"meta.k8s.io/{form.version}", "metadata": metadata}
    include = request.query.get("includeObject", "Metadata")
    for row, item in zip(table["rows"], items, strict=True):
        if include == "Object":
            row["object"] = item
        elif include == "None":
            row.pop("object", None)
        else:
            row["object"] = _partial(item, form)
    return table


def _partial(item: dict, form: Form) -> dict:
    version = f"meta.k8s.io/{form.version}"
    return {"kind": "PartialObjectMetadata", "apiVersion": version, "metadata": item["metadata"]}


def check_version(request: web.Request, objects: Objects) -> None:
    asked, current = parameters.number(request.query, "resourceVersion") or 0, objects.store.revision
    if asked > current:
        text = f"Timeout: Too large resource version: {asked}, current: {current}"
        cause = {"reason": "ResourceVersionTooLarge", "message": "Too large resource version"}
        raise StatusError(504, "Timeout", text, {"causes": [cause], "retryAfterSeconds": 1})
    if request.query.get("resourceVersionMatch") == "Exact" and 0 < asked < objects.store.oldest:
        raise expired(objects.store.oldest, asked)
