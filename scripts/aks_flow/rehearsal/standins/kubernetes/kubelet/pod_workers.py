"""All pods of the node: a worker for each pod, and the removal of what belongs to no pod any more."""

import asyncio
import logging

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import EngineDown, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.node_context import NodeContext, is_ours
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.worker import PodWorker
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes import claims
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange

log = logging.getLogger(__name__)

_SOURCES = (kinds.CONFIG_MAP, kinds.SECRET)
_SWEEP_SECONDS = 30


class PodWorkers:
    """Workers by the uid of their pod."""

    def __init__(self, node: NodeContext):
        self._node = node
        self._workers: dict[str, PodWorker] = {}
        self._tasks: set[asyncio.Task] = set()
        self._released = asyncio.Event()

    async def run(self) -> None:
        watched = (kinds.POD, *_SOURCES, kinds.PERSISTENT_VOLUME_CLAIM)
        sweeping = asyncio.create_task(self._remove_leftovers_regularly())
        try:
            async for change in self._node.objects.watch(watched):
                self._take_change(change)
        finally:
            ending = [sweeping, *self._tasks]
            for task in ending:
                task.cancel()
            await asyncio.gather(*ending, return_exceptions=True)

    def _take_change(self, change: ObjectChange) -> None:
        if change.kind == kinds.POD:
            self._take_pod_change(change)
        elif change.kind in _SOURCES:
            self._sources_changed(change.object["metadata"]["namespace"])
        elif change.type == "DELETED":
            self._released.set()

    def _take_pod_change(self, change: ObjectChange) -> None:
        pod, uid = change.object, change.object["metadata"]["uid"]
        worker = self._workers.get(uid)
        if change.type == "DELETED":
            if worker:
                worker.forget()
        elif worker:
            worker.update(pod)
        elif is_ours(pod):
            self._start_worker(uid, PodWorker(self._node, pod))

    def _start_worker(self, uid: str, worker: PodWorker) -> None:
        self._workers[uid] = worker
        task = asyncio.create_task(worker.run())
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._worker_ended(uid, done))

    def _worker_ended(self, uid: str, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        self._workers.pop(uid, None)

    def _sources_changed(self, namespace: str) -> None:
        for worker in self._workers.values():
            if worker.state.namespace == namespace:
                worker.sources_changed()

    async def _remove_leftovers_regularly(self) -> None:
        """Now and then, and when a claim is gone, remove what belongs to nobody any more."""
        while True:
            await self._node.up.wait()
            done = False
            try:
                done = await self._remove_leftovers()
            except (EngineDown, EngineError) as error:
                log.warning("sweep: %s", error)
            self._released.clear()
            try:
                async with asyncio.timeout(_SWEEP_SECONDS if done else 1):
                    await self._released.wait()
            except TimeoutError:
                continue

    async def _remove_leftovers(self) -> bool:
        node = self._node
        for summary in await node.engine.containers({naming.REHEARSAL: node.rehearsal_id}):
            uid = summary["Labels"].get(naming.POD)
            if uid and uid not in self._workers:
                await node.engine.remove(summary["Id"])
        return await claims.remove_released(node.engine, node.objects, node.rehearsal_id)
