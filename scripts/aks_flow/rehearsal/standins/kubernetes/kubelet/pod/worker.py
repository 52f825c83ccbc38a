"""One pod on this node, from its assignment to its removal: read its state, do what is missing, report."""

import asyncio
import logging

from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import EngineDown, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.node_context import NodeContext
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod import adoption, deadline, termination
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.containers import PodContainers
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.running_pod import RunningPod
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.sandbox import SandboxLost
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.payload import VolumeError

log = logging.getLogger(__name__)

_RETRY_SECONDS = 2


class PodWorker:
    """update() and forget() tell it what the API says; run() does the work until the pod is gone."""

    def __init__(self, node: NodeContext, pod: dict):
        self.state = RunningPod(node, pod)
        self._node = node
        self._containers = PodContainers(self.state)
        self._deleted = asyncio.Event()
        self._forgotten = False
        self.update(pod)

    def update(self, pod: dict) -> None:
        """The pod's object changed."""
        if _revision(pod) >= _revision(self.state.pod):
            self.state.pod = pod
        if "deletionTimestamp" in pod["metadata"]:
            self._deleted.set()
        self._containers.spec_changed()

    def forget(self) -> None:
        """The pod's object is gone: there is no grace left."""
        self._forgotten = True
        self._deleted.set()

    def sources_changed(self) -> None:
        """A ConfigMap or Secret of the pod's namespace changed."""
        if self.state.sandbox.container_id and not self._deleted.is_set():
            self._refresh_volumes()

    def _refresh_volumes(self) -> None:
        try:
            self.state.volumes.refresh(self.state.pod, self.state.volume_sources())
        except OSError as error:  # a full disk must cost neither this pod nor the others their worker
            log.warning("volumes of pod %s: %s", self.state.pod["metadata"]["name"], error)
            asyncio.get_running_loop().call_later(_RETRY_SECONDS, self.sources_changed)

    async def run(self) -> None:
        """Return when nothing of the pod is left. An engine that goes away is waited for."""
        while True:
            try:
                await self._node.up.wait()
                await self._live_until_deleted()
                await self._terminate()
                return
            except (EngineDown, EngineError) as error:
                log.warning("pod %s: %s", self.state.pod["metadata"]["name"], error)
            except Exception:
                # One pod's trouble must not cost it its worker.
                log.exception("pod %s", self.state.pod["metadata"]["name"])
            await asyncio.sleep(_RETRY_SECONDS)

    async def _live_until_deleted(self) -> None:
        living = asyncio.create_task(self._live())
        deleted = asyncio.create_task(self._deleted.wait())
        try:
            await asyncio.wait({living, deleted}, return_when=asyncio.FIRST_COMPLETED)
            if living.done():
                living.result()
                await deleted
        finally:
            deleted.cancel()
            living.cancel()
            await asyncio.wait({living})

    async def _live(self) -> None:
        """Run the pod until it has finished; start over when its sandbox is lost."""
        while True:
            try:
                await adoption.adopt(self.state)
                if not self.state.has_finished:
                    await self._run()
                await self.state.sandbox.remove()
                return
            except SandboxLost as error:
                await self._recover(str(error))
            except VolumeError as error:
                self.state.tell("FailedMount", str(error), warning=True)
                self.state.report()
                await asyncio.sleep(_RETRY_SECONDS)

    async def _run(self) -> None:
        """From volumes to the last container's end."""
        state = self.state
        await state.volumes.prepare(state.pod, state.volume_sources())
        await state.sandbox.create(state.pod, state.volumes.sandbox_mounts())
        state.node.network.names.write(state.pod, state.sandbox.address)
        # Files may hold the pod's address, which is known only now.
        state.volumes.refresh(state.pod, state.volume_sources())
        state.report()
        await self._open_claims()
        try:
            await self._containers.run()
        except deadline.Exceeded as error:
            state.verdict = error.verdict
        await termination.stop_containers(state, self._own_grace())
        await state.sandbox.remove()
        state.sandbox.release()
        state.report()

    async def _open_claims(self) -> None:
        """VolumeError; SandboxLost if the sandbox ended meanwhile."""
        state = self.state
        if any("persistentVolumeClaim" in volume for volume in state.pod["spec"].get("volumes") or ()):
            await state.sandbox.started()
            try:
                await state.volumes.open_claims(state.pod, state.sandbox.container_id)
            except EngineError as error:
                raise SandboxLost(error.message) from error

    def _own_grace(self):
        """The grace of what still runs when the pod has finished: sidecars, or all after a deadline."""
        loop = asyncio.get_running_loop()
        due = loop.time() + self.state.pod["spec"].get("terminationGracePeriodSeconds", 30)
        return lambda: due - loop.time()

    async def _recover(self, message: str) -> None:
        """Clear what is left of a pod whose sandbox is gone, so that it starts afresh."""
        if message:
            text = f"Failed to create pod sandbox: rpc error: code = Unknown desc = {message}"
            self.state.tell("FailedCreatePodSandBox", text, warning=True)
        else:
            self.state.tell("SandboxChanged", "Pod sandbox changed, it will be killed and re-created.")
        for facts in self.state.facts.values():
            if facts.running_since:
                await self._node.engine.kill(facts.container_id)
                await self._node.engine.wait(facts.container_id)
        await self.state.sandbox.remove()
        if message:
            self.state.sandbox.release()  # its address may be the trouble: somebody else's by now
            await asyncio.sleep(_RETRY_SECONDS)

    async def _terminate(self) -> None:
        await adoption.adopt(self.state)
        await termination.stop_containers(
            self.state, lambda: 0.0 if self._forgotten else termination.grace_left(self.state)
        )
        await termination.erase(self.state)


def _revision(pod: dict) -> int:
    return int(pod["metadata"]["resourceVersion"])
