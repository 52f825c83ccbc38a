"""From a request to a WebSocket, or a refusal before it: what is refused stays an ordinary answer."""

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request


def check(request: web.Request, protocols: tuple[str, ...]) -> None:
    """StatusError 400 unless the client speaks a WebSocket with one of these subprotocols."""
    if request.headers.get("Upgrade", "").lower().startswith("spdy/"):
        raise bad_request(
            "the rehearsal cluster streams over WebSockets and not over SPDY/3.1: kubectl 1.31 and later do"
        )
    if request.method != "GET" or request.headers.get("Upgrade", "").lower() != "websocket":
        raise bad_request("Upgrade request required")
    ready = web.WebSocketResponse(protocols=protocols).can_prepare(request)
    if not ready.ok or not ready.protocol:
        raise bad_request(f"the WebSocket's subprotocol must be one of: {', '.join(protocols)}")


async def opened(request: web.Request, protocols: tuple[str, ...]) -> web.WebSocketResponse:
    """The WebSocket, its handshake done; a client that vanished is noticed within a minute."""
    socket = web.WebSocketResponse(protocols=protocols, compress=False, max_msg_size=0, heartbeat=30)
    await socket.prepare(request)
    return socket
