"""One HTTP exchange with a registry: it can neither drip for ever nor fill the memory."""

import http.client
import ipaddress
import socket
import threading
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from aks_flow.core.errors import AksFlowError

ELSEWHERE = (301, 302, 303, 307, 308)
TIMEOUT = 10  # seconds without a byte
WHOLE = 60  # seconds for one answer
LARGEST = 16 * 2**20  # bytes; registries take manifests of 4 MiB


class RegistryError(AksFlowError):
    """The registry refused, failed or did not answer."""


class Endless(Exception):
    """An answer that is too large or takes too long; its text continues "the registry"."""


@dataclass(frozen=True)
class RegistryAnswer:
    """An HTTP response, read to its end."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


def exchange(
    connection: http.client.HTTPConnection, method: str, path: str, body: bytes | None = None, headers=None
) -> RegistryAnswer:
    """The answer to a request; Endless, OSError or HTTPException if there is none."""
    with ended_after(connection, WHOLE):
        connection.request(method, path, body, headers or {})
        response = connection.getresponse()
        return RegistryAnswer(response.status, response.headers, read(response))


def read(response: http.client.HTTPResponse) -> bytes:
    """The body; Endless if it is too large, IncompleteRead if it ends too soon."""
    body = response.read(LARGEST + 1)
    if len(body) > LARGEST:
        response.close()
        raise Endless(f"answers with more than {LARGEST >> 20} MiB")
    if response.length:
        raise http.client.IncompleteRead(body, response.length)
    return body


@contextmanager
def ended_after(connection: http.client.HTTPConnection, seconds: float) -> Iterator[None]:
    """End the block's connection if it takes longer, however often a byte arrives: then it is Endless."""
    passed = threading.Event()
    timer = threading.Timer(seconds, _end, (connection, passed))
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, ValueError, http.client.HTTPException) as error:
        if passed.is_set():
            raise Endless(f"takes more than {seconds:.0f} s for one answer") from error
        raise
    finally:
        timer.cancel()


def _end(connection: http.client.HTTPConnection, passed: threading.Event) -> None:
    passed.set()
    with suppress(OSError, AttributeError):  # it may be closed by now
        connection.sock.shutdown(socket.SHUT_RDWR)


def is_loopback(host: str) -> bool:
    """True for localhost and loopback addresses, port or not: Docker speaks plain HTTP to these."""
    name = urllib.parse.urlsplit(f"//{host}").hostname or ""
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name == "localhost"


def connect(host: str, scheme: str = "", timeout: int = TIMEOUT) -> http.client.HTTPConnection:
    plain = scheme == "http" or (not scheme and is_loopback(host))
    kind = http.client.HTTPConnection if plain else http.client.HTTPSConnection
    return kind(host, timeout=timeout)
