"""A pod's sandbox: the container whose network, hostname and IPC the others join."""

import asyncio

from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.node_context import NodeContext, uninterrupted
from aks_flow.rehearsal.standins.kubernetes.kubelet.spec import docker_sandbox


class SandboxLost(Exception):
    """The sandbox could not be made, or ended: everything in the pod starts over."""


class Sandbox:
    """address: fixed before the container exists, so that everything else can be prepared meanwhile."""

    def __init__(self, node: NodeContext, uid: str):
        self._node, self._uid = node, uid
        self.container_id = ""
        self.address = ""
        self._attempt = -1
        self._start: asyncio.Task | None = None

    def adopt(self, inspected: dict) -> None:
        """Take over a sandbox of an earlier process; one that does not run only counts as an attempt."""
        attempt = int(inspected["Config"]["Labels"][naming.ATTEMPT])
        self._attempt = max(self._attempt, attempt)
        network = naming.network_name(self._node.rehearsal_id)
        endpoint = inspected["NetworkSettings"]["Networks"].get(network) or {}
        if inspected["State"]["Running"] and endpoint.get("IPAddress"):
            self.container_id, self.address = inspected["Id"], endpoint["IPAddress"]
            self._node.network.addresses.adopt(self._uid, self.address)

    async def create(self, pod: dict, mounts: list[dict]) -> None:
        """Create it and begin to start it, unless it was taken over. SandboxLost."""
        if self.container_id:
            return
        self.address = self.address or self._node.network.addresses.claim(self._uid)
        self._node.network.admit(self.address)
        self._attempt += 1
        name = naming.container_name(self._node.rehearsal_id, pod, naming.SANDBOX, self._attempt)
        config = docker_sandbox.config(
            pod,
            rehearsal_id=self._node.rehearsal_id,
            image=self._node.helper_image,
            address=self.address,
            attempt=self._attempt,
            mounts=mounts,
        )
        try:
            self.container_id = await uninterrupted(self._node.engine.create(name, config))
        except EngineError as error:
            raise SandboxLost(error.message) from error
        self._start = asyncio.create_task(self._node.engine.start(self.container_id))

    async def started(self) -> None:
        """Return when it runs. SandboxLost."""
        if self._start is None:
            return
        try:
            await asyncio.shield(self._start)
        except EngineError as error:
            raise SandboxLost(error.message) from error

    async def lost(self) -> None:
        """Return when it has stopped running."""
        await self.started()
        await self._node.engine.wait(self.container_id)

    async def remove(self) -> None:
        if self._start is not None:
            await asyncio.wait({self._start})
        if self.container_id:
            await self._node.engine.remove(self.container_id)
        self.container_id, self._start = "", None

    def release(self) -> None:
        """Give the address back."""
        self._node.network.addresses.release(self._uid)
        self.address = ""
