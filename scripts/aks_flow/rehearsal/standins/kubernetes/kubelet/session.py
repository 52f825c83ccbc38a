"""A program in a container with its streams open both ways: a new one, or the one that the container runs."""

from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass

import aiohttp
from aiodocker.execs import Exec
from aiodocker.stream import Stream

from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine, EngineError, ended, translated


@dataclass(frozen=True)
class SessionOptions:
    """Which streams a client asked for. argv: the program; () to join what the container runs."""

    argv: tuple[str, ...] = ()
    stdin: bool = False
    stdout: bool = True
    stderr: bool = True
    tty: bool = False


class Session:
    """One session, running as soon as `start` returns. EngineError, EngineDown."""

    def __init__(self, stream: Stream, program: Exec | None):
        self._stream, self._program = stream, program

    async def start(self) -> None:
        with translated():
            await self._stream.__aenter__()

    async def output(self) -> AsyncIterator[tuple[int, bytes]]:
        """(1 or 2, as of standard output or error, bytes) until the program has closed both."""
        with suppress(aiohttp.ClientConnectionError):
            while (message := await self._stream.read_out()) is not None:
                yield message.stream, message.data

    async def write(self, data: bytes) -> None:
        """Give the program input; what it no longer reads is lost, as in a pipe."""
        with suppress(ConnectionError, aiohttp.ClientError):
            await self._stream.write_in(data)

    def end_input(self) -> None:
        """The program reads the end of its input; its output goes on. aiodocker has no call for that."""
        connection = self._stream._resp.connection
        if connection and connection.transport:
            connection.transport.write_eof()

    async def resize(self, width: int, height: int) -> None:
        """Tell a new program its terminal's size, if it still runs."""
        if self._program:
            with suppress(EngineError), translated():
                await self._program.resize(w=width, h=height)

    async def exit_code(self) -> int:
        """Of a new program, when its output has ended; 0 for one that was joined."""
        with translated():
            return await ended(self._program) if self._program else 0

    async def close(self) -> None:
        await self._stream.close()


async def open(engine: Engine, container_id: str, options: SessionOptions) -> Session:
    """A session that is not started yet. EngineError if there is no such container."""
    streams = {"stdin": options.stdin, "stdout": options.stdout, "stderr": options.stderr}
    container = engine.container(container_id)
    with translated():
        if not options.argv:
            await container.show()
            return Session(container.attach(**streams), None)
        program = await container.exec(options.argv, tty=options.tty, **streams)
        return Session(program.start(), program)
