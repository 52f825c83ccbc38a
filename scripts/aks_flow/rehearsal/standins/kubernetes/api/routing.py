"""From a request to its action: by target, subresource and method."""

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api import (
    access_reviews,
    logs,
    parameters,
    pod_subresources,
    proxy,
    read,
    scale,
    watch,
    write,
)
from aks_flow.rehearsal.standins.kubernetes.api.responses import warn
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget, parse
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import method_not_allowed, not_offered
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

_OTHERWISE = "this rehearsal cluster serves {kind.kind} objects {kind.otherwise}"
_WITHOUT_EFFECT = "this rehearsal cluster stores {kind.kind} objects without effect: {kind.idle}"


async def handle(request: web.Request, objects: Objects, node) -> web.StreamResponse:
    """One request under /api/VERSION/ or /apis/GROUP/VERSION/."""
    target = parse(objects.kinds, request.rel_url.raw_path)
    response = await _answer(request, objects, node, target)
    if target.kind.deprecation:
        warn(response, target.kind.deprecation)
    if request.method in ("POST", "PUT", "PATCH"):
        _announce(response, target)
    return response


def _announce(response: web.StreamResponse, target: RequestTarget) -> None:
    """What who writes an object would be wrong to take for granted."""
    for difference, text in ((target.kind.idle, _WITHOUT_EFFECT), (target.kind.otherwise, _OTHERWISE)):
        if difference:
            warn(response, text.format(kind=target.kind))


async def _answer(request: web.Request, objects: Objects, node, target: RequestTarget) -> web.StreamResponse:
    if target.subresource:
        return await _subresource(request, objects, node, target)
    return await (_object if target.name else _collection)(request, objects, target)


async def _collection(request: web.Request, objects: Objects, target: RequestTarget) -> web.StreamResponse:
    if target.kind in kinds.CREATE_ONLY:
        return await _ask(request, objects, target)
    if target.kind in kinds.READ_ONLY and request.method != "GET":
        raise method_not_allowed()
    if request.method == "GET":
        if parameters.flag(request.query, "watch"):
            return await watch.watch(request, objects, target)
        return read.list_(request, objects, target)
    if request.method == "POST" and target.namespace is not None:
        return await write.create(request, objects, target)
    if request.method == "DELETE" and target.namespace is not None:
        return await write.delete_collection(request, objects, target)
    raise method_not_allowed()


async def _object(request: web.Request, objects: Objects, target: RequestTarget) -> web.StreamResponse:
    if request.method == "GET":
        return read.get(request, objects, target)
    actions = {"PUT": write.replace, "PATCH": write.apply_patch, "DELETE": write.delete}
    if request.method not in actions or target.kind in kinds.CREATE_ONLY:
        raise method_not_allowed()
    return await actions[request.method](request, objects, target)


async def _ask(request: web.Request, objects: Objects, target: RequestTarget) -> web.StreamResponse:
    if request.method != "POST":
        raise method_not_allowed()
    if target.kind in kinds.REVIEWS:
        return await access_reviews.create(request, target)
    return await pod_subresources.bind_named(request, objects, target)


async def _subresource(
    request: web.Request, objects: Objects, node, target: RequestTarget
) -> web.StreamResponse:
    name, method = target.subresource, request.method
    if name == "scale":
        return await scale.handle(request, objects, target)
    if name == "proxy":
        return await proxy.forward(request, objects, target)
    if name == "log" and method == "GET":
        return await logs.stream(request, objects, node, target)
    if name in ("exec", "attach", "portforward") and method in ("GET", "POST"):
        return await _stream(request, objects, node, target)
    if name == "token":
        raise not_offered("tokens for service accounts", "Use the kubeconfig's own token.")
    if name == "ephemeralcontainers":
        raise not_offered("ephemeral containers (kubectl debug)", "Use kubectl exec, or kubectl run.")
    if name in ("binding", "eviction") and method == "POST":
        return await (pod_subresources.bind if name == "binding" else pod_subresources.evict)(
            request, objects, target
        )
    if name in ("approval", "status", "finalize") and method in ("GET", "PUT", "PATCH"):
        return await _object(request, objects, target)
    raise method_not_allowed()


async def _stream(request: web.Request, objects: Objects, node, target: RequestTarget) -> web.StreamResponse:
    # Imported here because they bring the engine's client, for which the API's first answer is not to wait.
    from aks_flow.rehearsal.standins.kubernetes.api import exec_attach, portforward

    stream = portforward if target.subresource == "portforward" else exec_attach
    return await stream.serve(request, objects, node, target)
