"""Container logs, as kubelet serves them."""

import struct
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine

_CHUNK = 64 * 1024


@dataclass(frozen=True)
class LogOptions:
    """The query of ``GET …/pods/NAME/log``. since_time: RFC 3339. tail_lines None: all of it."""

    follow: bool = False
    previous: bool = False
    tail_lines: int | None = None
    since_seconds: int | None = None
    since_time: str = ""
    timestamps: bool = False
    limit_bytes: int | None = None


async def stream(engine: Engine, container_id: str, options: LogOptions) -> AsyncIterator[bytes]:
    """The log as the container wrote it, both streams in order, cut at limit_bytes."""
    left = options.limit_bytes
    is_terminal = (await engine.inspect(container_id))["Config"]["Tty"]
    async with engine.logs(container_id, **_parameters(options)) as reader:
        async for chunk in _chunks(reader, is_terminal):
            if left is not None:
                chunk = chunk[:left]
                left -= len(chunk)
            yield chunk
            if left == 0:
                return


def _parameters(options: LogOptions) -> dict[str, str]:
    parameters = {
        "follow": "1" if options.follow else "",
        "timestamps": "1" if options.timestamps else "",
        "tail": "" if options.tail_lines is None else str(options.tail_lines),
        "since": _since(options),
    }
    return {name: value for name, value in parameters.items() if value}


def _since(options: LogOptions) -> str:
    if options.since_seconds is not None:
        return f"{time.time() - options.since_seconds:.6f}"  # the engine's stamps are the system clock's
    return f"{times.parse(options.since_time).timestamp():.6f}" if options.since_time else ""


async def _chunks(reader: aiohttp.StreamReader, is_terminal: bool) -> AsyncIterator[bytes]:
    """Raw for a terminal; otherwise the engine's frames: stream number, length, bytes."""
    if is_terminal:
        async for chunk in reader.iter_chunked(_CHUNK):
            yield chunk
        return
    while header := await reader.read(1):
        header += await reader.readexactly(7)
        (length,) = struct.unpack(">xxxxL", header)
        yield await reader.readexactly(length)
