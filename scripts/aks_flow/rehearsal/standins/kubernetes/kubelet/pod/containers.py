"""The containers of one pod: init containers in order, then all others side by side."""

import asyncio

from aks_flow.rehearsal.standins.kubernetes.kubelet.pod import deadline
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.runner import ContainerRunner
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.running_pod import RunningPod
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.sandbox import SandboxLost
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.pod_phase import is_sidecar
from aks_flow.rehearsal.standins.kubernetes.kubelet.task_groups import unwrapped


class PodContainers:
    """run() runs them; the rest passes on what changed meanwhile."""

    def __init__(self, state: RunningPod):
        self._state = state
        self._runners: dict[str, ContainerRunner] = {}

    def spec_changed(self) -> None:
        for runner in self._runners.values():
            runner.spec_changed()

    async def run(self) -> None:
        """Return when the containers have ended for good; sidecars may still run. Cancelled, all go on.

        SandboxLost; deadline.Exceeded.
        """
        self._runners = {}
        with unwrapped():
            async with asyncio.TaskGroup() as tasks:
                companions = [
                    tasks.create_task(self._guard_sandbox()),
                    tasks.create_task(deadline.watch(self._state.pod)),
                ]
                if await self._initialize(tasks, companions):
                    await self._run_main(tasks)
                for companion in companions:
                    companion.cancel()

    async def _initialize(self, tasks: asyncio.TaskGroup, companions: list[asyncio.Task]) -> bool:
        """False if an init container failed for good."""
        policy = self._state.pod["spec"].get("restartPolicy", "Always")
        for container in self._state.pod["spec"].get("initContainers") or ():
            name = container["name"]
            if is_sidecar(container):
                runner = self._runner(name, "Always")
                companions.append(tasks.create_task(runner.run()))
                await runner.has_started.wait()
                continue
            await self._runner(name, "Never" if policy == "Never" else "OnFailure").run()
            if not self._state.facts[name].succeeded:
                return False
            self._state.report()
        return True

    async def _run_main(self, tasks: asyncio.TaskGroup) -> None:
        policy = self._state.pod["spec"].get("restartPolicy", "Always")
        names = [container["name"] for container in self._state.pod["spec"]["containers"]]
        await asyncio.wait([tasks.create_task(self._runner(name, policy).run()) for name in names])

    def _runner(self, name: str, policy: str) -> ContainerRunner:
        self._runners[name] = ContainerRunner(self._state, name, policy)
        return self._runners[name]

    async def _guard_sandbox(self) -> None:
        await self._state.sandbox.lost()
        raise SandboxLost
