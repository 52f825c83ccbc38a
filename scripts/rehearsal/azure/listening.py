"""One loopback port that speaks TLS to who begins with it and plain HTTP to the rest.

Of a registry on localhost docker asks for the one, then the other.
"""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress

_HANDSHAKE = b"\x16"  # the first byte of a TLS connection (RFC 8446, section 5.1)
_PATIENCE = 10  # seconds for the first byte


async def serve(port: int, protocol: Callable[[], asyncio.BaseProtocol], tls: ssl.SSLContext) -> None:
    """Accept connections for ever, each served by a ``protocol``."""
    loop, admitted = asyncio.get_running_loop(), set()
    with socket.create_server(("127.0.0.1", port), backlog=128) as door:
        door.setblocking(False)
        while True:
            visitor, _ = await loop.sock_accept(door)
            task = asyncio.create_task(_admit(loop, visitor, protocol, tls))
            admitted.add(task)
            task.add_done_callback(admitted.discard)


async def _admit(loop, visitor: socket.socket, protocol, tls: ssl.SSLContext) -> None:
    with suppress(OSError, TimeoutError):
        first = await asyncio.wait_for(_first_byte(loop, visitor), _PATIENCE)
        if first:
            secure = tls if first == _HANDSHAKE else None
            await loop.connect_accepted_socket(protocol, visitor, ssl=secure)
            return
    visitor.close()


def _first_byte(loop, visitor: socket.socket) -> Awaitable[bytes]:
    """The connection's first byte, left where it is."""
    seen = loop.create_future()

    def look() -> None:
        loop.remove_reader(visitor)
        if not seen.done():
            try:
                seen.set_result(visitor.recv(1, socket.MSG_PEEK))
            except OSError as error:
                seen.set_exception(error)

    loop.add_reader(visitor, look)
    return seen
