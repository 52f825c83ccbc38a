"""Connections to a pod's ports: to its address, or to its loopback where a program listens only there."""

import asyncio
from contextlib import suppress
from typing import Protocol

from aks_flow.rehearsal.standins.kubernetes.kubelet import naming, session
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import EngineDown, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.node_context import NodeContext
from aks_flow.rehearsal.standins.kubernetes.kubelet.session import Session, SessionOptions

_CHUNK = 64 * 1024
_CONNECT_SECONDS = 10
_CONNECTED = b"\0connected"  # the relay's first output; what a failure says is text

# Run in the pod's sandbox: joins its own streams with a port of the loopback that all containers share.
_RELAY = """
import os, socket, sys, threading
try:
    port = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=10)
except OSError as error:
    sys.exit(error.strerror)
port.settimeout(None)
os.write(1, b"\\0connected")
def send():
    while data := os.read(0, 65536):
        port.sendall(data)
    port.shutdown(socket.SHUT_WR)
threading.Thread(target=send, daemon=True).start()
while data := port.recv(65536):
    while data:
        data = data[os.write(1, data):]
"""


class Connection(Protocol):
    """Bytes both ways; ``read`` gives b"" at the end. ConnectionError."""

    async def read(self) -> bytes: ...
    async def write(self, data: bytes) -> None: ...
    def end_writing(self) -> None: ...
    async def close(self) -> None: ...


class Direct:
    """A TCP connection from this process."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter):
        self._reader, self._writer = reader, writer

    async def read(self) -> bytes:
        return await self._reader.read(_CHUNK)

    async def write(self, data: bytes) -> None:
        self._writer.write(data)
        await self._writer.drain()

    def end_writing(self) -> None:
        with suppress(OSError):  # the other side may have closed it altogether
            self._writer.write_eof()

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()


class Relayed:
    """A connection that a program in the pod's sandbox has made."""

    def __init__(self, relay: Session):
        self._relay = relay
        self._output = relay.output()
        self.end_writing, self.write, self.close = relay.end_input, relay.write, relay.close

    async def opened(self) -> None:
        """Return when the relay has connected. ConnectionRefusedError in its words."""
        said = await self.read()
        if said != _CONNECTED:
            await self._relay.close()
            raise ConnectionRefusedError(said.decode(errors="replace").strip() or "connection refused")

    async def read(self) -> bytes:
        async for _, data in self._output:
            return data
        return b""


async def dial(node: NodeContext, pod: dict, port: int) -> Connection:
    """OSError if nothing listens."""
    address = pod.get("status", {}).get("podIP")
    if not address:
        raise ConnectionRefusedError(f"pod {pod['metadata']['name']} has no address")
    try:
        async with asyncio.timeout(_CONNECT_SECONDS):
            return Direct(*await asyncio.open_connection(address, port))
    except ConnectionRefusedError:
        return await _relayed(node, pod, port)


async def _relayed(node: NodeContext, pod: dict, port: int) -> Relayed:
    labels = {naming.POD: pod["metadata"]["uid"], naming.CONTAINER: naming.SANDBOX}
    relay_program = SessionOptions(("python3", "-c", _RELAY, str(port)), stdin=True)
    try:
        for sandbox in await node.engine.containers({naming.REHEARSAL: node.rehearsal_id} | labels):
            if sandbox["State"] == "running":
                relay = await session.open(node.engine, sandbox["Id"], relay_program)
                await relay.start()
                connection = Relayed(relay)
                await connection.opened()
                return connection
    except (EngineDown, EngineError) as error:
        raise ConnectionRefusedError(str(error)) from error
    raise ConnectionRefusedError("the pod's network namespace is gone")
