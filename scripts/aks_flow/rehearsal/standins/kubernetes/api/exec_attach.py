"""pods/exec and pods/attach: which container, which streams; then `channels` carries them."""

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api import channels, parameters
from aks_flow.rehearsal.standins.kubernetes.api.requested_container import container_name
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request, unavailable
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet.session import SessionOptions
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects


async def serve(request: web.Request, objects: Objects, node, target: RequestTarget) -> web.StreamResponse:
    pod = objects.get(kinds.POD, target.where, target.name)
    container = container_name(pod, request.query.get("container", ""))
    options = _options(request, target.subresource)
    if node is None:
        raise unavailable("no node is ready to run anything")
    return await channels.serve(request, await node.session(pod, container, options))


def _options(request: web.Request, subresource: str) -> SessionOptions:
    query = request.query
    names = ("stdin", "stdout", "stderr", "tty")
    options = SessionOptions(
        tuple(query.getall("command", ())), *(parameters.flag(query, name) for name in names)
    )
    if not (options.stdin or options.stdout or options.stderr):
        raise bad_request("you must specify at least 1 of stdin, stdout, stderr")
    if subresource == "exec" and not options.argv:
        raise bad_request("you must specify at least 1 command for exec")
    if subresource == "attach":
        return SessionOptions((), options.stdin, options.stdout, options.stderr, options.tty)
    return options
