"""pods/log: the node's stream of a container's output."""

from aiohttp import web

from scripts.rehearsal.cluster import kinds
from scripts.rehearsal.cluster.http import parameters
from scripts.rehearsal.cluster.http.target import Target
from scripts.rehearsal.cluster.objects import Objects
from scripts.rehearsal.cluster.status import bad_request, unavailable


async def stream(request: web.Request, objects: Objects, node, target: Target) -> web.StreamResponse:
    pod = objects.get(kinds.POD, target.where, target.name)
    container = _container(pod, request.query.get("container", ""))
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


def _container(pod: dict, asked: str) -> str:
    """The container asked for, or the only one; StatusError 400 in the words of a standard server."""
    name, spec = pod["metadata"]["name"], pod["spec"]
    running = [each["name"] for each in spec.get("containers", ())]
    first = [each["name"] for each in spec.get("initContainers") or ()]
    if asked:
        if asked not in running + first:
            raise bad_request(f"container {asked} is not valid for pod {name}")
        return asked
    if len(running) == 1 and not first:
        return running[0]
    if len(running) == 1:
        choices = f"choose one of: [{' '.join(running)}] or one of the init containers: [{' '.join(first)}]"
    else:
        choices = f"choose one of: [{' '.join(running)}]"
    raise bad_request(f"a container name must be specified for pod {name}, {choices}")


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
