"""pods/exec and pods/attach: a session's streams as channels of one WebSocket.

A message is one byte, the channel, and the stream's bytes. https://kubernetes.io/docs/reference/using-api/streaming-protocol/
"""

import asyncio
import json
from contextlib import suppress

from aiohttp import WSMsgType, web

from aks_flow.rehearsal.standins.kubernetes.api.responses import dump
from aks_flow.rehearsal.standins.kubernetes.api.websocket import check, opened
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import EngineDown, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.session import Session

PROTOCOLS = ("v5.channel.k8s.io", "v4.channel.k8s.io")
_STDIN, _STDOUT, _ERROR, _RESIZE, _CLOSE = 0, 1, 3, 4, 255
_NOT_STARTED = (126, 127)  # exit codes that the engine gives to what it could not start
_REFUSED = b"OCI runtime exec failed"


async def serve(request: web.Request, session: Session) -> web.StreamResponse:
    """The session over a WebSocket until the program ends or the client goes."""
    check(request, PROTOCOLS)
    socket = await opened(request, PROTOCOLS)
    try:
        # Clients take the connection as open with the first message.
        await _send(socket, _STDOUT, b"")
        await session.start()
        await _exchange(socket, session)
    except (EngineError, EngineDown) as error:
        await _send(socket, _ERROR, dump(_internal(str(error))))
    except ConnectionError:
        pass  # the client has gone
    finally:
        await session.close()
        await socket.close()
    return socket


async def _exchange(socket: web.WebSocketResponse, session: Session) -> None:
    reading = asyncio.create_task(_take_input(socket, session))
    running = asyncio.create_task(_run(socket, session))
    try:
        await asyncio.wait((reading, running), return_when=asyncio.FIRST_COMPLETED)
        if running.done():
            running.result()
    finally:
        for task in (reading, running):
            task.cancel()
        await asyncio.gather(reading, running, return_exceptions=True)


async def _run(socket: web.WebSocketResponse, session: Session) -> None:
    """Pass on what the program says, and at last the Status that it ends with."""
    refusal = b""
    async for channel, data in session.output():
        if data.startswith(_REFUSED):
            refusal = data
        else:
            await _send(socket, channel, data)
    code = await session.exit_code()
    outcome = _ended(code)
    if refusal and code in _NOT_STARTED:
        outcome = _internal(
            f"error executing command in container: {refusal.decode(errors='replace').strip()}"
        )
    await _send(socket, _ERROR, dump(outcome))


async def _take_input(socket: web.WebSocketResponse, session: Session) -> None:
    """Until the client closes the connection."""
    async for message in socket:
        if message.type is not WSMsgType.BINARY or not message.data:
            continue
        channel, data = message.data[0], message.data[1:]
        if channel == _STDIN:
            await session.write(data)
        elif channel == _RESIZE:
            await _resize(session, data)
        elif channel == _CLOSE and data == bytes((_STDIN,)):
            session.end_input()


async def _resize(session: Session, data: bytes) -> None:
    with suppress(ValueError, KeyError, TypeError):  # what is no size changes no size
        size = json.loads(data)
        await session.resize(int(size["Width"]), int(size["Height"]))


async def _send(socket: web.WebSocketResponse, channel: int, data: bytes) -> None:
    await socket.send_bytes(bytes((channel,)) + data)


def _ended(code: int) -> dict:
    """The Status of a program that ended with an exit code."""
    if code == 0:
        return {"metadata": {}, "status": "Success"}
    return {
        "metadata": {},
        "status": "Failure",
        "message": f"command terminated with non-zero exit code: exit status {code}",
        "reason": "NonZeroExitCode",
        "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]},
    }


def _internal(why: str) -> dict:
    return StatusError(500, "InternalError", f"Internal error occurred: {why}").body()
