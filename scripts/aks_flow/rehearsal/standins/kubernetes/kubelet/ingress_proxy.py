"""Forwards HTTP requests to ready pods by host and path, as an ingress controller does: plain HTTP only.

A connection carries one request, which its head decides: so bodies, streams and WebSockets pass as they are.
"""

import asyncio
import contextlib
import http
from collections.abc import Sequence
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.kubelet.network import ingress_routes
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.ingress_routes import IngressRoute
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.routes import LOOPBACK, Address
from aks_flow.rehearsal.standins.kubernetes.kubelet.proxy import CONNECT_SECONDS, pump

_HEAD_BYTES = 64 * 1024
_HEAD_SECONDS = 30
_OWN_HEADERS = {b"connection", b"keep-alive", b"proxy-connection"}


class BadRequest(Exception):
    """What was sent is no HTTP request."""


@dataclass(frozen=True)
class RequestHead:
    """The first line's words, and the header lines."""

    method: bytes
    target: bytes
    version: bytes
    headers: tuple[tuple[bytes, bytes], ...]

    @classmethod
    def parse(cls, data: bytes) -> "RequestHead":
        """Of the bytes up to the empty line; BadRequest if they are no head of HTTP/1."""
        first, *lines = data.removesuffix(b"\r\n\r\n").split(b"\r\n")
        words = first.split(b" ")
        if len(words) != 3 or not words[2].startswith(b"HTTP/1.") or not all(b":" in line for line in lines):
            raise BadRequest
        pairs = (line.split(b":", 1) for line in lines)
        return cls(*words, tuple((name, value.strip()) for name, value in pairs))

    def value(self, name: bytes) -> bytes:
        return next((value for key, value in self.headers if key.lower() == name), b"")

    @property
    def host(self) -> str:
        """In lower case, without its port."""
        host = self.value(b"host").decode("latin-1").lower()
        return host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]

    @property
    def path(self) -> str:
        target = self.target.decode("latin-1")
        if "://" in target:
            target = f"/{target.partition('://')[2].partition('/')[2]}"
        return target.partition("?")[0]

    def forwarded(self, client: str) -> bytes:
        """As it is sent on: the connection ends with the answer, unless it is to become another protocol."""
        upgrade = b"upgrade" in self.value(b"connection").lower()
        kept = [(name, value) for name, value in self.headers if name.lower() not in _OWN_HEADERS]
        kept.append((b"Connection", b"Upgrade" if upgrade else b"close"))
        kept += [(b"X-Forwarded-For", client.encode()), (b"X-Forwarded-Proto", b"http")]
        kept.append((b"X-Forwarded-Host", self.value(b"host")))
        first = b" ".join((self.method, self.target, self.version))
        return b"\r\n".join([first, *(b": ".join(pair) for pair in kept), b"", b""])


class IngressProxy:
    """Listens on the port of the loopback for as long as there are routes."""

    def __init__(self, port: int):
        self.port = port
        self._routes: Sequence[IngressRoute] = ()
        self._server: asyncio.Server | None = None
        self._turns: dict[IngressRoute, int] = {}
        self._connections: set[asyncio.Task] = set()

    async def apply(self, routes: Sequence[IngressRoute]) -> int | None:
        """Serve exactly these from now on; the error number if the port cannot be had."""
        self._routes, self._turns = routes, {}
        if routes and self._server is None:
            try:
                self._server = await asyncio.start_server(
                    self._accept, LOOPBACK, self.port, limit=_HEAD_BYTES, backlog=1024
                )
            except OSError as error:
                return error.errno
        if not routes:
            await self.close()
        return None

    async def close(self) -> None:
        if self._server:
            self._server.close()
            self._server = None

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = asyncio.current_task()
        self._connections.add(connection)  # a stream keeps no task alive whose client has gone
        try:
            await self._serve(reader, writer)
        except (OSError, TimeoutError, asyncio.IncompleteReadError):
            writer.transport.abort()
        finally:
            self._connections.discard(connection)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(_HEAD_SECONDS):
                head = RequestHead.parse(await reader.readuntil(b"\r\n\r\n"))
        except (BadRequest, asyncio.LimitOverrunError):
            return await _answer(writer, http.HTTPStatus.BAD_REQUEST)
        route = ingress_routes.choose(self._routes, head.host, head.path)
        if route is None:
            return await _answer(writer, http.HTTPStatus.NOT_FOUND)
        if not route.backends:
            return await _answer(writer, http.HTTPStatus.SERVICE_UNAVAILABLE)
        onward = await self._connect(route)
        if onward is None:
            return await _answer(writer, http.HTTPStatus.BAD_GATEWAY)
        onward[1].write(head.forwarded(writer.get_extra_info("peername")[0]))
        await asyncio.gather(pump(reader, onward[1]), _to_its_end(onward[0], writer))
        return None

    async def _connect(self, route: IngressRoute) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """A connection to the next backend that accepts one, None if there is none."""
        turn = self._turns[route] = self._turns.get(route, -1) + 1
        for index in range(len(route.backends)):
            backend: Address = route.backends[(turn + index) % len(route.backends)]
            with contextlib.suppress(OSError, TimeoutError):
                return await asyncio.wait_for(asyncio.open_connection(*backend), CONNECT_SECONDS)
        return None


async def _to_its_end(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """The answer, and then the end of the connection: it carries no second request."""
    await pump(reader, writer)
    writer.close()


async def _answer(writer: asyncio.StreamWriter, status: http.HTTPStatus) -> None:
    body = f"{status.value} {status.phrase}: the rehearsal's ingress\n"
    head = f"HTTP/1.1 {status.value} {status.phrase}\r\nContent-Type: text/plain\r\nConnection: close\r\n"
    writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    await writer.drain()
    writer.close()
