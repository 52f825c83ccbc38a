"""services/proxy and pods/proxy: a request passed on over HTTP to a pod."""

from dataclasses import dataclass
from random import choice

import aiohttp
from aiohttp import web
from yarl import URL

from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError, bad_request, unavailable
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes.network import go_error
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

# What concerns this connection or this server alone.
_NOT_PASSED_ON = {
    "host",
    "authorization",
    "connection",
    "transfer-encoding",
    "content-length",
    "upgrade",
    "keep-alive",
}
_TIMEOUT = 30  # seconds for a connection; an answer may take as long as it streams


@dataclass(frozen=True)
class ProxyTarget:
    """``https:web:8443`` -> scheme, name and port (a number or a port's name, or "")."""

    scheme: str
    name: str
    port: str

    @classmethod
    def parse(cls, text: str) -> "ProxyTarget":
        parts = text.split(":")
        if len(parts) == 3 and parts[0] in ("http", "https") and parts[1]:
            return cls(*parts)
        if len(parts) <= 2 and parts[0]:
            return cls("http", parts[0], parts[1] if len(parts) == 2 else "")
        raise bad_request(f"invalid service or pod request {text!r}")


async def forward(request: web.Request, objects: Objects, target: RequestTarget) -> web.StreamResponse:
    place = ProxyTarget.parse(target.name)
    find = _service_address if target.kind == kinds.SERVICE else _pod_address
    host, port = find(objects, target.where, place)
    url = f"{place.scheme}://{host}:{port}/{target.rest}"
    if query := request.rel_url.raw_query_string:
        url += f"?{query}"
    headers = {key: value for key, value in request.headers.items() if key.lower() not in _NOT_PASSED_ON}
    try:
        return await _exchange(request, url, headers)
    except TimeoutError as error:
        raise unavailable(f"error trying to reach service: dial tcp {host}:{port}: i/o timeout") from error
    except aiohttp.ClientError as error:
        said = go_error(error, host, port)
        raise unavailable(f"error trying to reach service: {said}") from error


async def _exchange(request: web.Request, url: str, headers: dict[str, str]) -> web.StreamResponse:
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=_TIMEOUT)
    # The certificate of a pod is its own affair: a standard server does not check it either.
    connector = aiohttp.TCPConnector(ssl=False)
    async with (
        aiohttp.ClientSession(timeout=timeout, connector=connector, auto_decompress=False) as session,
        session.request(
            request.method,
            URL(url, encoded=True),
            headers=headers,
            data=await request.read() or None,
            allow_redirects=False,
        ) as answer,
    ):
        kept = {key: value for key, value in answer.headers.items() if key.lower() not in _NOT_PASSED_ON}
        response = web.StreamResponse(status=answer.status, reason=answer.reason, headers=kept)
        await response.prepare(request)
        async for piece in answer.content.iter_any():
            await response.write(piece)
        await response.write_eof()
        return response


def _pod_address(objects: Objects, namespace: str, place: ProxyTarget) -> tuple[str, int]:
    pod = objects.get(kinds.POD, namespace, place.name)
    address = pod.get("status", {}).get("podIP")
    if not address:
        raise bad_request("address not allowed")
    ports = [port for container in pod["spec"]["containers"] for port in container.get("ports") or ()]
    if place.port.isdigit():
        return address, int(place.port)
    named = [port["containerPort"] for port in ports if place.port in ("", port.get("name"))]
    if not named:
        raise unavailable(f'no port {place.port!r} in pod "{place.name}"')
    return address, named[0]


def _service_address(objects: Objects, namespace: str, place: ProxyTarget) -> tuple[str, int]:
    """A ready endpoint's address, by the Service's port number or name."""
    service = objects.get(kinds.SERVICE, namespace, place.name)
    name = _port_name(service, place)
    labels = {"kubernetes.io/service-name": place.name}
    ready = [
        (address, port["port"])
        for endpoints in objects.list(kinds.ENDPOINT_SLICE, namespace, labels)
        for port in endpoints.get("ports") or ()
        if (port.get("name") or "") == name
        for endpoint in endpoints.get("endpoints") or ()
        if (endpoint.get("conditions") or {}).get("ready")
        for address in endpoint["addresses"]
    ]
    if not ready:
        raise unavailable(f'no endpoints available for service "{place.name}"')
    return choice(ready)


def _port_name(service: dict, place: ProxyTarget) -> str:
    ports = service["spec"].get("ports") or []
    for port in ports:
        if place.port in (str(port["port"]), port.get("name") or ""):
            return port.get("name") or ""
    if not place.port and len(ports) == 1:
        return ports[0].get("name") or ""
    raise _no_port(kinds.SERVICE, place)


def _no_port(kind: Kind, place: ProxyTarget) -> StatusError:
    return unavailable(f'no service port "{place.port}" found for {kind.singular} "{place.name}"')
