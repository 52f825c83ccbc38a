"""The Docker engine: the calls the node makes, and two errors to tell "refused" from "not there"."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress

import aiohttp
from aiodocker import Docker, DockerError
from aiodocker.containers import DockerContainer
from aiodocker.execs import Exec

_NO_CONNECTION = 900
_POLL_SECONDS = 0.01  # the engine closes the streams a moment before it knows the exit code


class EngineDown(Exception):
    """The engine does not answer, or stopped answering in the middle of a call."""


class EngineError(Exception):
    """The engine refused. status: its HTTP code; message: its words."""

    def __init__(self, status: int, message: str):
        super().__init__(message)
        self.status, self.message = status, message


class Engine:
    """One connection pool to the engine named by DOCKER_HOST, opened on first use."""

    def __init__(self):
        self._docker: Docker | None = None

    @property
    def docker(self) -> Docker:
        if self._docker is None:
            self._docker = _open()
        return self._docker

    async def close(self) -> None:
        if self._docker is not None:
            await self._docker.close()
            await self._docker.connector.close()
            self._docker = None

    async def version(self) -> dict:
        with translated():
            return await self.docker.version()

    async def containers(self, labels: dict[str, str]) -> list[dict]:
        """Summaries of all containers, running or not, that carry every one of the labels."""
        with translated():
            containers = await self.docker.containers.list(all=True, filters={"label": _label_filter(labels)})
            return [container._container for container in containers]

    async def create(self, name: str, config: dict) -> str:
        """Create a container; one of that name that a killed process had asked for gives way."""
        try:
            return await self._create(name, config)
        except EngineError as error:
            if error.status != 409:
                raise
        await self.remove(name)
        return await self._create(name, config)

    async def _create(self, name: str, config: dict) -> str:
        with translated():
            return (await self.docker.containers.create(config, name=name)).id

    async def start(self, container_id: str) -> None:
        with translated():
            await self.container(container_id).start()

    async def inspect(self, container_id: str) -> dict:
        with translated():
            return await self.container(container_id).show()

    async def wait(self, container_id: str) -> None:
        """Return when the container is not running; at once if it never was or no longer exists."""
        with _absent_is_fine(), translated():
            await self.container(container_id).wait()

    async def kill(self, container_id: str, signal: str = "SIGKILL") -> None:
        """Send a signal; a container that is not running, or gone, is left alone."""
        with _absent_is_fine(409), translated():
            await self.container(container_id).kill(signal=signal)

    async def remove(self, container_id: str) -> None:
        """Kill and remove, with its anonymous volumes; gone already, or on its way out, is fine."""
        with _absent_is_fine(409), translated():
            await self.container(container_id).delete(force=True, v=True)

    def container(self, container_id: str) -> DockerContainer:
        return self.docker.containers.container(container_id)

    async def execute(self, container_id: str, argv: list[str]) -> tuple[int, bytes]:
        """Run a program inside a running container: exit code, and its output, both streams."""
        with translated():
            execution = await self.container(container_id).exec(argv)
            async with execution.start() as stream:
                output = [message.data async for message in _messages(stream)]
            return await ended(execution), b"".join(output)

    async def image(self, reference: str) -> dict | None:
        try:
            with translated():
                return await self.docker.images.inspect(reference)
        except EngineError as error:
            if error.status == 404:
                return None
            raise

    async def pull(self, reference: str, auth: dict | None = None) -> None:
        with translated():
            await self.docker.images.pull(reference, auth=auth)

    async def network(self, name: str) -> dict | None:
        with translated():
            networks = await self.docker.networks.list(filters={"name": name})
        return next((network for network in networks if network["Name"] == name), None)

    async def networks(self, labels: dict[str, str]) -> list[dict]:
        with translated():
            return await self.docker.networks.list(filters={"label": _label_filter(labels)})

    async def create_network(self, config: dict) -> None:
        with translated():
            await self.docker.networks.create(config)

    async def remove_network(self, network_id: str) -> None:
        with _absent_is_fine(), translated():
            await (await self.docker.networks.get(network_id)).delete()

    async def volumes(self, labels: dict[str, str]) -> list[dict]:
        with translated():
            answer = await self.docker.volumes.list(filters={"label": _label_filter(labels)})
        return answer["Volumes"] or []

    async def create_volume(self, config: dict) -> None:
        """Create a volume; one of that name that exists is kept as it is."""
        with translated():
            await self.docker.volumes.create(config)

    async def volume_path(self, name: str) -> str:
        """Where the volume's files are on the engine's machine."""
        with translated():
            return (await (await self.docker.volumes.get(name)).show())["Mountpoint"]

    async def remove_volume(self, name: str) -> None:
        with _absent_is_fine(), translated():
            await (await self.docker.volumes.get(name)).delete()

    @asynccontextmanager
    async def logs(self, container_id: str, **options) -> AsyncIterator[aiohttp.StreamReader]:
        """The container's log as the engine frames it: raw for a terminal, multiplexed otherwise."""
        with translated():
            await self.docker.version()
            url = f"{self.docker.docker_host}/{self.docker.api_version}/containers/{container_id}/logs"
            params = {"stdout": "1", "stderr": "1"} | {key: str(value) for key, value in options.items()}
            timeout = aiohttp.ClientTimeout(total=None)
            async with self.docker.session.get(url, params=params, timeout=timeout) as response:
                if response.status >= 400:
                    raise EngineError(response.status, await response.text())
                yield response.content


async def ended(program: Exec) -> int:
    """Wait for the end of a program whose streams are closed; its exit code."""
    while (details := await program.inspect())["Running"]:
        await asyncio.sleep(_POLL_SECONDS)
    return details["ExitCode"]


def _open() -> Docker:
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not host.startswith("unix://"):
        return Docker(host, connector=aiohttp.TCPConnector(limit=0))
    # Each running container holds a connection that waits for its end: the pool must not be bounded.
    connector = aiohttp.UnixConnector(host.removeprefix("unix://"), limit=0)
    return Docker("unix://localhost", connector=connector)


@contextmanager
def translated() -> Iterator[None]:
    """What aiodocker and aiohttp raise, as EngineError and EngineDown."""
    try:
        yield
    except DockerError as error:
        if error.status == _NO_CONNECTION:
            raise EngineDown(error.message) from error
        raise EngineError(error.status, error.message) from error
    except (aiohttp.ClientError, ConnectionError) as error:
        raise EngineDown(str(error)) from error


@contextmanager
def _absent_is_fine(*also: int) -> Iterator[None]:
    try:
        yield
    except EngineError as error:
        if error.status not in (404, *also):
            raise


async def _messages(stream):
    with suppress(aiohttp.ClientConnectionError):
        while (message := await stream.read_out()) is not None:
            yield message


def _label_filter(labels: dict[str, str]) -> list[str]:
    return [f"{key}={value}" for key, value in labels.items()]
