"""The port of the rehearsal's registry: `python -m aks_flow.rehearsal.standins.docker.registry_relay …`.

The registry itself listens at a socket in a folder of this user alone. A connection to the port is led there
if it comes from a program of this user or of root, as the engine is, and asks for loopback and no other host.
With a password instead, every program would need it, and docker would have to leave the user's own settings.
"""

import argparse
import asyncio
import logging
import os
from asyncio import IncompleteReadError, LimitOverrunError, StreamReader, StreamWriter
from contextlib import closing, suppress
from pathlib import Path

from aks_flow.rehearsal.standins.process import peers
from aks_flow.rehearsal.standins.process.serving import stopped
from aks_flow.target.registry_http import is_loopback

log = logging.getLogger(__name__)
_HANDSHAKE = b"\x16"  # the first byte of a TLS connection: docker asks so first, and the registry refuses it
_CHUNK = 2**18  # bytes
_REFUSAL = b"HTTP/1.1 421 Misdirected Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


def main() -> None:
    parser = argparse.ArgumentParser(prog="registry_relay", description="The port of a registry.")
    parser.add_argument("--port", type=int, required=True, help="port on 127.0.0.1")
    parser.add_argument("--socket", type=Path, required=True, help="where the registry listens")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    os.chdir(options.socket.parent)  # a socket's whole path may have no more than 107 bytes
    asyncio.run(_run(options.port, options.socket.name))


async def _run(port: int, name: str) -> None:
    serving = asyncio.create_task(serve(port, name))
    await stopped(serving, log)


async def serve(port: int, name: str) -> None:
    """Accept connections for ever. name: the registry's socket."""
    connections: set[asyncio.Task] = set()

    async def admit(reader: StreamReader, writer: StreamWriter) -> None:
        connection = asyncio.current_task()
        connections.add(connection)  # a stream keeps no task alive whose client has said its last
        connection.add_done_callback(connections.discard)
        with closing(writer), suppress(OSError):
            await _admit(reader, writer, name)

    async with await asyncio.start_server(admit, "127.0.0.1", port, limit=_CHUNK) as server:
        await server.serve_forever()


async def _admit(reader: StreamReader, writer: StreamWriter, name: str) -> None:
    if not peers.is_served(writer.get_extra_info("socket")):
        return
    with suppress(IncompleteReadError, LimitOverrunError):
        first = await _first_head(reader)
        if first.startswith(_HANDSHAKE) or _is_for_loopback(first):
            await _lead(first, reader, writer, name)
        else:
            writer.write(_REFUSAL)


async def _first_head(reader: StreamReader) -> bytes:
    """The head of a connection's first request; of a TLS connection its first byte.

    A web page whose name was made to lead to loopback uses its connections for that name alone: the first
    request speaks for all.
    """
    first = await reader.readexactly(1)
    return first if first == _HANDSHAKE else first + await reader.readuntil(b"\r\n\r\n")


def _is_for_loopback(head: bytes) -> bool:
    fields = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    asked = [value.strip().decode("latin-1") for name, _, value in fields if name.lower() == b"host"]
    try:
        return bool(asked) and all(map(is_loopback, asked))
    except ValueError:  # no host's name at all
        return False


async def _lead(first: bytes, reader: StreamReader, writer: StreamWriter, name: str) -> None:
    """Hand on what comes from either side, until the registry ends the connection."""
    answers, requests = await asyncio.open_unix_connection(name, limit=_CHUNK)
    with closing(requests):
        requests.write(first)
        asking = asyncio.create_task(_hand_on(reader, requests))
        try:
            await _hand_on(answers, writer)
        finally:
            asking.cancel()


async def _hand_on(source: StreamReader, sink: StreamWriter) -> None:
    """All that comes, and then its end."""
    with suppress(OSError):
        while chunk := await source.read(_CHUNK):
            sink.write(chunk)
            await sink.drain()
    with suppress(OSError):
        sink.write_eof()


if __name__ == "__main__":
    main()
