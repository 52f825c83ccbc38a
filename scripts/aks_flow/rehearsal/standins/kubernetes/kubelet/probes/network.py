"""HTTP and TCP probes from the node to a pod's address."""

import asyncio
import errno
import os

import aiohttp
from yarl import URL

from aks_flow.rehearsal.standins.kubernetes.kubelet.probes import target
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes.outcome import Outcome

_AGENT = "kube-probe/1.36"
_BODY_LIMIT = 10 * 1024
_MOST_HOPS = 10


async def http(action: dict, container: dict, address: str, timeout: float) -> Outcome:
    """GET; any status from 200 to 399 is good. Redirects are followed on the same host only."""
    try:
        url = target.url(action, container, address)
    except ValueError as error:
        return Outcome(False, str(error))
    try:
        async with asyncio.timeout(timeout):
            return _judge(await _status(url, target.headers(action, _AGENT)))
    except TimeoutError:
        why = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
        return Outcome(False, f'Get "{url}": {why}')
    except (aiohttp.ClientError, OSError, ValueError) as error:
        return Outcome(False, f'Get "{url}": {go_error(error, URL(url).host, URL(url).port)}')


async def _status(url: str, headers: dict[str, str]) -> int:
    connector = aiohttp.TCPConnector(ssl=False, force_close=True)
    async with aiohttp.ClientSession(connector=connector, auto_decompress=False) as session:
        for _ in range(_MOST_HOPS):
            request = session.get(URL(url, encoded=True), headers=headers, allow_redirects=False)
            async with request as response:
                await response.content.read(_BODY_LIMIT)
                onward = response.headers.get("Location")
                if not (300 <= response.status < 400 and onward):
                    return response.status
                following = URL(url).join(URL(onward))
                if following.host != URL(url).host:
                    return response.status
                url = str(following)
    return 310


def _judge(status: int) -> Outcome:
    if 200 <= status < 400:
        return Outcome(True)
    return Outcome(False, f"HTTP probe failed with statuscode: {status}")


async def tcp(action: dict, container: dict, address: str, timeout: float) -> Outcome:
    """Good if a connection opens."""
    try:
        host, port = action.get("host") or address, target.port(container, action["port"])
    except ValueError as error:
        return Outcome(False, str(error))
    try:
        async with asyncio.timeout(timeout):
            _, writer = await asyncio.open_connection(host, port)
        writer.close()
    except TimeoutError:
        return Outcome(False, f"dial tcp {host}:{port}: i/o timeout")
    except OSError as error:
        return Outcome(False, go_error(error, host, port))
    return Outcome(True)


def go_error(error: Exception, host: str | None, port: int | None) -> str:
    """The text Go's net package gives for the same failure."""
    cause = getattr(error, "os_error", None) or error
    number = getattr(cause, "errno", None)
    if number in (errno.ECONNRESET, errno.EPIPE):
        return f"read tcp {host}:{port}: read: {os.strerror(number).lower()}"
    if number:
        return f"dial tcp {host}:{port}: connect: {os.strerror(number).lower()}"
    return "EOF" if isinstance(error, aiohttp.ServerDisconnectedError) else str(error)
