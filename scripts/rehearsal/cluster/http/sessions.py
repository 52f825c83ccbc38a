"""pods/exec and pods/attach: which container, which streams; then `channels` carries them."""

from aiohttp import web

from scripts.rehearsal.cluster import kinds
from scripts.rehearsal.cluster.http import channels, parameters
from scripts.rehearsal.cluster.http.containers import chosen
from scripts.rehearsal.cluster.http.target import Target
from scripts.rehearsal.cluster.node.session import Wanted
from scripts.rehearsal.cluster.objects import Objects
from scripts.rehearsal.cluster.status import bad_request, unavailable


async def serve(request: web.Request, objects: Objects, node, target: Target) -> web.StreamResponse:
    pod = objects.get(kinds.POD, target.where, target.name)
    container = chosen(pod, request.query.get("container", ""))
    wanted = _wanted(request, target.subresource)
    if node is None:
        raise unavailable("no node is ready to run anything")
    return await channels.serve(request, await node.session(pod, container, wanted))


def _wanted(request: web.Request, subresource: str) -> Wanted:
    query = request.query
    names = ("stdin", "stdout", "stderr", "tty")
    wanted = Wanted(tuple(query.getall("command", ())), *(parameters.flag(query, name) for name in names))
    if not (wanted.stdin or wanted.stdout or wanted.stderr):
        raise bad_request("you must specify at least 1 of stdin, stdout, stderr")
    if subresource == "exec" and not wanted.argv:
        raise bad_request("you must specify at least 1 command for exec")
    if subresource == "attach":
        return Wanted((), wanted.stdin, wanted.stdout, wanted.stderr, wanted.tty)
    return wanted
