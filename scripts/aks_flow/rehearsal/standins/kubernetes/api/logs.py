"""pods/log: the node's stream of a container's output."""

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api import parameters
from aks_flow.rehearsal.standins.kubernetes.api.requested_container import container_name
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import unavailable
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects


async def stream(request: web.Request, objects: Objects, node, target: RequestTarget) -> web.StreamResponse:
    pod = objects.get(kinds.POD, target.where, target.name)
    container = container_name(pod, request.query.get("container", ""))
    if node is None:
        raise unavailable("no node is ready to read logs from")
    pieces = await node.logs(pod, container, _options(request))
    response = web.StreamResponse(headers={"Content-Type": "text/plain"})
    await response.prepare(request)
    try:
        async for piece in pieces:
            await response.write(piece)
        await response.write_eof()
    except ConnectionError:
        pass
    finally:
        await pieces.aclose()
    return response


def _options(request: web.Request) -> dict:
    query = request.query
    return {
        "follow": parameters.flag(query, "follow"),
        "previous": parameters.flag(query, "previous"),
        "timestamps": parameters.flag(query, "timestamps"),
        "tail_lines": parameters.number(query, "tailLines"),
        "since_seconds": parameters.number(query, "sinceSeconds"),
        "since_time": query.get("sinceTime"),
        "limit_bytes": parameters.number(query, "limitBytes"),
    }
