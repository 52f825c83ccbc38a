"""pods/portforward: each connection is two SPDY streams, its data and its error, in one WebSocket."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from aks_flow.rehearsal.standins.kubernetes.api import spdy
from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.api.websocket import check, opened
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request, unavailable
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet.port_connections import Connection
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

PROTOCOLS = ("SPDY/3.1+portforward.k8s.io",)
_WAITING_FRAMES = 64  # of one connection, whose pod does not read; then the others wait too

log = logging.getLogger(__name__)


async def serve(request: web.Request, objects: Objects, node, target: RequestTarget) -> web.StreamResponse:
    pod = objects.get(kinds.POD, target.where, target.name)
    if not pod["spec"].get("nodeName"):
        raise bad_request(f"pod {target.name} does not have a host assigned")
    if node is None:
        raise unavailable("no node is ready to forward ports")
    check(request, PROTOCOLS)
    socket = await opened(request, PROTOCOLS)
    async with asyncio.TaskGroup() as tasks:
        tunnel = Tunnel(socket, lambda port: node.dial(pod, port), tasks, pod["metadata"]["name"])
        try:
            await tunnel.run()
        finally:
            tunnel.close()
    await socket.close()
    return socket


@dataclass
class Forwarding:
    """One connection. frames: what the client sent, b"" at its end. task: there as soon as `data` is."""

    error: int
    data: int = 0
    frames: asyncio.Queue[bytes] = field(default_factory=lambda: asyncio.Queue(_WAITING_FRAMES))
    task: asyncio.Task | None = None


class Tunnel:
    """Reads the client's frames and keeps a task for each connection."""

    def __init__(
        self,
        socket: web.WebSocketResponse,
        dial: Callable[[int], Awaitable[Connection]],
        tasks: asyncio.TaskGroup,
        pod: str,
    ):
        self._socket, self._dial, self._tasks, self._pod = socket, dial, tasks, pod
        self._codec = spdy.Codec()
        self._by_request: dict[str, Forwarding] = {}
        self._by_data: dict[int, Forwarding] = {}

    async def run(self) -> None:
        """Until the client closes the WebSocket, or sends what is no SPDY."""
        async for message in self._socket:
            if message.type is not WSMsgType.BINARY:
                continue
            try:
                for frame in self._codec.feed(message.data):
                    await self._take(frame)
            except ValueError as error:
                log.warning("port-forward to pod %s: %s", self._pod, error)
                return

    def close(self) -> None:
        for forwarding in self._by_data.values():
            if forwarding.task:
                forwarding.task.cancel()

    async def _take(self, frame: spdy.Frame) -> None:
        if frame.kind == spdy.SYN_STREAM:
            await self._open(frame)
        elif frame.kind == spdy.PING:
            await self._send(spdy.ping(frame.stream))
        elif forwarding := self._by_data.get(frame.stream):
            if frame.kind == spdy.RST_STREAM:
                forwarding.task.cancel()
            elif frame.kind == 0:
                await self._pass_on(forwarding, frame)

    async def _open(self, frame: spdy.Frame) -> None:
        """The error stream comes first, then the data stream with the same request id."""
        await self._send(self._codec.reply(frame.stream))
        kind, request = frame.headers.get("streamtype"), frame.headers.get("requestid", "")
        if kind == "error":
            self._by_request[request] = Forwarding(frame.stream)
        elif kind == "data" and request in self._by_request:
            forwarding = self._by_request.pop(request)
            forwarding.data = frame.stream
            self._by_data[frame.stream] = forwarding
            port = frame.headers.get("port", "")
            forwarding.task = self._tasks.create_task(self._forward(forwarding, port))

    async def _pass_on(self, forwarding: Forwarding, frame: spdy.Frame) -> None:
        if frame.data:
            await forwarding.frames.put(frame.data)
        if frame.flags & spdy.FIN:
            await forwarding.frames.put(b"")

    async def _forward(self, forwarding: Forwarding, port: str) -> None:
        """One connection from dialling to its end; the error stream says how it ended."""
        words = b""
        try:
            connection = await self._dial(int(port))
            await self._exchange(forwarding, connection)
        except (OSError, ValueError, OverflowError) as error:
            words = f"error forwarding port {port} to pod {self._pod}: {error}".encode()
        finally:
            self._forget(forwarding)
            with suppress(ConnectionError):
                await self._send(spdy.data(forwarding.data, b"", spdy.FIN))
                await self._send(spdy.data(forwarding.error, words, spdy.FIN))

    async def _exchange(self, forwarding: Forwarding, connection: Connection) -> None:
        writing = asyncio.create_task(_write(forwarding, connection))
        try:
            while content := await connection.read():
                await self._send(spdy.data(forwarding.data, content))
        except ConnectionError:
            pass  # the pod broke it off: its client sees the end of the data
        finally:
            writing.cancel()
            await asyncio.gather(writing, return_exceptions=True)
            await connection.close()

    def _forget(self, forwarding: Forwarding) -> None:
        """Frames that still come are passed over, and one that waits for its turn waits no longer."""
        del self._by_data[forwarding.data]
        while not forwarding.frames.empty():
            forwarding.frames.get_nowait()

    async def _send(self, content: bytes) -> None:
        await self._socket.send_bytes(content)


async def _write(forwarding: Forwarding, connection: Connection) -> None:
    """Until the client has no more; what the pod no longer takes is dropped, as its answer may go on."""
    while content := await forwarding.frames.get():
        with suppress(ConnectionError):
            await connection.write(content)
    connection.end_writing()
