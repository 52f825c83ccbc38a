"""The container that serves clusterIPs, and the link that tells it the table."""

import asyncio
import hashlib
import json
import os
import shutil
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes.kubelet import naming, proxy
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.address_plan import AddressPlan
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.routes import Table

_PROGRAM = Path(proxy.__file__)
_VERSION = "aks-flow.proxy-version"
_MOUNTED = "/aks-flow"
_SOCKET = "proxy.sock"
_ANSWER_SECONDS = 5
_OPEN_TO_ALL = 0o777


class ProxyContainer:
    """directory: shared with the container; it holds the program and the control socket."""

    def __init__(self, engine: Engine, directory: Path, plan: AddressPlan, rehearsal_id: str, image: str):
        self._engine, self._directory, self._plan = engine, directory, plan
        self._rehearsal_id, self._image = rehearsal_id, image
        self._link: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self._turn = asyncio.Lock()

    async def ensure(self) -> None:
        """Make it run, in the version of this program; one that does so already is left alone."""
        version = hashlib.sha256(_PROGRAM.read_bytes() + self._image.encode()).hexdigest()[:12]
        labels = {naming.REHEARSAL: self._rehearsal_id, naming.CONTAINER: naming.PROXY}
        for summary in await self._engine.containers(labels):
            if summary["State"] == "running" and summary["Labels"].get(_VERSION) == version:
                return
            await self._engine.remove(summary["Id"])
        self._directory.mkdir(parents=True, exist_ok=True)
        # The container's root may write only where everybody may, if the folder is another user's: it has no
        # DAC_OVERRIDE. On the host nobody else comes here, since the state directory is private.
        self._directory.chmod(_OPEN_TO_ALL)
        (self._directory / _SOCKET).unlink(missing_ok=True)
        shutil.copyfile(_PROGRAM, self._directory / _PROGRAM.name)
        name = f"aks-flow-{self._rehearsal_id}-proxy"
        await self._engine.start(await self._engine.create(name, self._config(labels | {_VERSION: version})))

    def _config(self, labels: dict[str, str]) -> dict:
        network = naming.network_name(self._rehearsal_id)
        endpoint = {"IPAMConfig": {"IPv4Address": str(self._plan.proxy)}}
        program = f"{_MOUNTED}/{_PROGRAM.name}"
        return {
            "Image": self._image,
            "Entrypoint": ["python3", "-u", program, str(self._plan.services), f"{_MOUNTED}/{_SOCKET}"],
            "Cmd": [],
            "User": "0:0",
            "Labels": labels,
            "Healthcheck": {"Test": ["NONE"]},
            "HostConfig": {
                "NetworkMode": network,
                "CapDrop": ["ALL"],
                "CapAdd": ["NET_ADMIN", "NET_BIND_SERVICE"],
                "ReadonlyRootfs": True,
                "Mounts": [{"Type": "bind", "Source": str(self._directory), "Target": _MOUNTED}],
                "LogConfig": {"Type": "json-file", "Config": {"max-size": "1m"}},
            },
            "NetworkingConfig": {"EndpointsConfig": {network: endpoint}},
        }

    async def tell(self, table: Table) -> None:
        """Hand the table over and wait until it is in force. OSError or TimeoutError if nobody answers."""
        async with self._turn:
            try:
                async with asyncio.timeout(_ANSWER_SECONDS):
                    await self._exchange(table)
            except (OSError, TimeoutError, EOFError):
                self.disconnect()
                raise

    async def _exchange(self, table: Table) -> None:
        if self._link is None:
            self._link = await self._connect()
        reader, writer = self._link
        lines = [[frontend, backends] for frontend, backends in table.items()]
        writer.write(json.dumps(lines).encode() + b"\n")
        await writer.drain()
        if not await reader.readline():
            raise ConnectionResetError("the proxy closed its control connection")

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Through the directory's descriptor: a socket's path may have 107 bytes, a directory's more."""
        directory = os.open(self._directory, os.O_PATH)
        try:
            return await asyncio.open_unix_connection(f"/proc/self/fd/{directory}/{_SOCKET}")
        finally:
            os.close(directory)

    def disconnect(self) -> None:
        if self._link is not None:
            self._link[1].close()
            self._link = None
