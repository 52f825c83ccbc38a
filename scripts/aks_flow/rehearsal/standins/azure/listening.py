"""One loopback port for TLS and for plain HTTP: the first byte of a connection decides.

docker asks a registry on localhost over TLS first, then over plain HTTP. A client that uses the port as a
proxy (CONNECT) reaches the names below ``suffix``: all of them are this port, and no name server knows them
(RFC 6761). Another user of the machine is not served: whoever signs in here has a shell (runCommand).
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress

from aks_flow.rehearsal.standins.process import peers

log = logging.getLogger(__name__)
_HANDSHAKE = b"\x16"  # the first byte of a TLS connection (RFC 8446, section 5.1)
_CONNECT = b"C"  # … and of a request to be led on (RFC 9110, section 9.3.6); no other method here has it
_PATIENCE = 10  # seconds for the first byte
_LONGEST = 8192  # bytes of a request's head


async def serve(
    port: int, protocol: Callable[[], asyncio.BaseProtocol], tls: ssl.SSLContext, suffix: str
) -> None:
    """Accept connections for ever, each served by a ``protocol``. suffix: `vault.rehearsal.invalid:6551`."""
    loop, admitted = asyncio.get_running_loop(), set()
    with socket.create_server(("127.0.0.1", port), backlog=128) as door:
        door.setblocking(False)
        while True:
            visitor, _ = await loop.sock_accept(door)
            task = asyncio.create_task(_admit(loop, visitor, protocol, tls, suffix))
            admitted.add(task)
            task.add_done_callback(admitted.discard)


async def _admit(loop, visitor: socket.socket, protocol, tls: ssl.SSLContext, suffix: str) -> None:
    with suppress(OSError, TimeoutError):
        if not peers.is_served(visitor):
            raise PermissionError
        first = await asyncio.wait_for(_first_byte(loop, visitor), _PATIENCE)
        if first == _CONNECT:
            led = await asyncio.wait_for(_lead_on(loop, visitor, suffix), _PATIENCE)
            first = await asyncio.wait_for(_first_byte(loop, visitor), _PATIENCE) if led else b""
        if first:
            secure = tls if first == _HANDSHAKE else None
            await loop.connect_accepted_socket(protocol, visitor, ssl=secure)
            return
    visitor.close()


async def _lead_on(loop, visitor: socket.socket, suffix: str) -> bool:
    """Answer a CONNECT: what follows is for this port again, or the name leads nowhere."""
    head = b""
    while b"\r\n\r\n" not in head and len(head) < _LONGEST:
        part = await loop.sock_recv(visitor, _LONGEST)
        if not part:
            return False
        head += part
    name = head.split()[1].decode(errors="replace")
    known = name.endswith(f".{suffix}")
    if not known:
        log.warning("CONNECT %s leads nowhere", name)
    answer = "200 Connection established" if known else "403 This proxy leads to the rehearsal's vaults only"
    await loop.sock_sendall(visitor, f"HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n".encode())
    return known


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
