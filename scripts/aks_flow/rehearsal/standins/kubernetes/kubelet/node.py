"""The node as the rest of the cluster sees it: run it, read a log, run a program in a container."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from ipaddress import IPv4Network
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError, unavailable
from aks_flow.rehearsal.standins.kubernetes.kubelet import (
    container_lookup,
    port_connections,
    registration,
    session,
)
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine, EngineDown, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.images.puller import Puller
from aks_flow.rehearsal.standins.kubernetes.kubelet.logs import LogOptions, stream
from aks_flow.rehearsal.standins.kubernetes.kubelet.network.network import Network
from aks_flow.rehearsal.standins.kubernetes.kubelet.node_context import NodeContext
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod_workers import PodWorkers
from aks_flow.rehearsal.standins.kubernetes.kubelet.port_connections import Connection
from aks_flow.rehearsal.standins.kubernetes.kubelet.session import Session, SessionOptions
from aks_flow.rehearsal.standins.kubernetes.objects.events import Recorder
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects

log = logging.getLogger(__name__)

_HEARTBEAT_SECONDS = 10
_LOOK_SECONDS = 2
_NOTABLE_STEP_SECONDS = 5
_RUNTIME_DOWN = "container runtime is down"


class Kubelet:
    """Registers itself as ``rehearsal`` and runs the pods assigned to it.

    Made without touching the engine: the API can answer, and allocate Services, before the engine does.
    """

    def __init__(
        self,
        objects: Objects,
        recorder: Recorder,
        state_dir: Path,
        rehearsal_id: str,
        registry: str,
        helper_image: str,
        ingress_port: int,
    ):
        state_dir = state_dir.resolve()
        self._engine = Engine()
        self._objects = objects
        self._network = Network(self._engine, objects, state_dir, rehearsal_id, helper_image, ingress_port)
        self._node = NodeContext(
            engine=self._engine,
            objects=objects,
            recorder=recorder,
            puller=Puller(self._engine, state_dir),
            network=self._network,
            state_dir=state_dir,
            rehearsal_id=rehearsal_id,
            helper_image=helper_image,
            allocatable=registration.capacity(),
        )
        self._pods = PodWorkers(self._node)
        self._registry = registry
        self._step = 0

    @property
    def service_addresses(self) -> IPv4Network:
        """Where clusterIPs come from: the upper half of the node's network, the same on every start."""
        return self._network.plan.services

    async def run(self) -> None:
        """Run until cancelled; containers keep running and are taken over by the next start."""
        with suppress(StatusError):  # a hint to tools, which a full disk may cost
            registration.announce_registry(self._objects, self._registry)
        self._register({}, "container runtime status check may not have completed yet")
        try:
            async with asyncio.TaskGroup() as tasks:
                for work in (self._follow_engine(), self._network.run(), self._pods.run()):
                    tasks.create_task(work)
        finally:
            await self._engine.close()

    async def _follow_engine(self) -> None:
        """Keep the Node's condition, and the flag that lets pods go on, as the engine is."""
        while True:
            trouble = await self._look()
            self._watch_clock()
            await asyncio.sleep(_LOOK_SECONDS if trouble else _HEARTBEAT_SECONDS)

    async def _look(self) -> str:
        """Ask the engine, and say what came of it: why no pods can run, or ""."""
        version, trouble = {}, ""
        try:
            version = await self._engine.version()
            if not self._node.up.is_set():
                await self._ensure_helper_image()
                await self._network.ensure()
            self._node.up.set()
        except EngineDown as error:
            trouble = f"{_RUNTIME_DOWN}: {error}"
        except EngineError as error:
            trouble = f"the node's network or helper image is not available: {error.message}"
        if trouble:
            self._node.up.clear()
            log.warning(trouble)
        self._register(version, trouble)
        return trouble

    def _watch_clock(self) -> None:
        """Say once that the system clock was set anew; the cluster's own time does not follow."""
        step = round(times.stepped())
        if abs(step - self._step) > _NOTABLE_STEP_SECONDS:
            text = (
                "the system clock was set by %+d s; this cluster's times stay as they were until it restarts"
            )
            log.warning(text, step - self._step)
            self._step = step

    async def _ensure_helper_image(self) -> None:
        image = self._node.helper_image
        if await self._engine.image(image) is None:
            await self._engine.pull(image)

    def _register(self, version: dict, trouble: str) -> None:
        address = str(self._network.plan.gateway)
        try:
            registration.register(self._objects, registration.NodeFacts(address, version, trouble))
            registration.renew_lease(self._objects)
        except StatusError as error:  # the next heartbeat tries again
            log.warning("the node's heartbeat: %s", error)

    async def logs(self, pod: dict, container: str, options: Mapping) -> AsyncIterator[bytes]:
        """The chunks of a container's log. options: the fields of LogOptions, or some of them.

        StatusError, in kubelet's words, if there is none to read.
        """
        container_id = container_lookup.container_to_read(pod, container, options.get("previous", False))
        try:
            await self._engine.inspect(container_id)
        except EngineDown as error:
            raise unavailable(f"{_RUNTIME_DOWN}: {error}") from error
        except EngineError as error:
            message = f"unable to retrieve container logs for docker://{container_id}"
            raise StatusError(404, "NotFound", message) from error
        return stream(self._engine, container_id, LogOptions(**options))

    async def exec(self, pod: dict, container: str, argv: list[str]) -> tuple[int, bytes]:
        """Run a program in a running container: exit code, and both its output streams. StatusError."""
        container_id = container_lookup.container_to_enter(pod, container)
        try:
            return await self._engine.execute(container_id, argv)
        except (EngineDown, EngineError) as error:
            raise StatusError(500, "InternalError", str(error)) from error

    async def session(self, pod: dict, container: str, options: SessionOptions) -> Session:
        """A program in a running container, not started yet, its streams the caller's. StatusError."""
        try:
            return await session.open(
                self._engine, container_lookup.container_to_enter(pod, container), options
            )
        except EngineDown as error:
            raise unavailable(f"{_RUNTIME_DOWN}: {error}") from error
        except EngineError as error:
            raise container_lookup.not_there(container) from error

    async def dial(self, pod: dict, port: int) -> Connection:
        """A connection to a port of a pod, as the pod itself would reach it. OSError."""
        return await port_connections.dial(self._node, pod, port)
