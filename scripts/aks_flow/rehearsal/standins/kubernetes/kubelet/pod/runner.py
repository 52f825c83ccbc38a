"""One container of a pod: started, watched, and started again as its restart policy says."""

import asyncio
from contextlib import suppress

from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import EngineDown, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod import (
    ended_container,
    hooks,
    starting,
    stopping,
    waiting_reason,
)
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.running_pod import RunningPod
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.waiting import ContainerWaits
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.waiting_reason import StartError
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes import prober
from aks_flow.rehearsal.standins.kubernetes.kubelet.status.facts import ContainerFacts, start_error


class ContainerRunner:
    """policy: Always, OnFailure or Never, of this container. has_started: set once it has, with its probe."""

    def __init__(self, state: RunningPod, name: str, policy: str):
        self._state, self._name, self._policy = state, name, policy
        self._image = self._spec["image"]
        self._endings: set[asyncio.Task] = set()
        self.waits = ContainerWaits(state, name)
        self.has_started = asyncio.Event()

    @property
    def _spec(self) -> dict:
        return self._state.container(self._name)

    @property
    def _facts(self) -> ContainerFacts:
        return self._state.facts[self._name]

    def spec_changed(self) -> None:
        """The Pod changed: a container whose image is another one is replaced."""
        if self._spec["image"] != self._image and self._facts.running_since:
            self._image = self._spec["image"]
            self._kill(f"Container {self._name} definition changed, will be restarted", {})

    async def run(self) -> None:
        """Return when the container has ended for good; cancelled, it leaves the container running."""
        if not self._facts.container_id:
            await self._start()
        while True:
            if self._facts.running_since:
                await self._watch()
            if not self._starts_again():
                return
            await self.waits.restart()
            await self._start()

    def _starts_again(self) -> bool:
        failed = bool(self._facts.terminated and self._facts.terminated["exitCode"])
        return self._policy == "Always" or (self._policy == "OnFailure" and failed)

    async def _start(self) -> None:
        """Try until it runs, or until it ended without running and may not be started again."""
        while True:
            try:
                await self._attempt()
                return
            except waiting_reason.EXPECTED as error:
                await self.waits.until_start_may_be_retried(error, self._spec["image"])
            except StartError as error:
                await self._note_start_error(error)
                if not self._starts_again():
                    return
                await self.waits.restart()

    async def _attempt(self) -> None:
        before = self._facts
        self._image = self._spec["image"]
        attempt = before.restart_count + 1 if before.container_id else 0
        fresh = await starting.start(self._state, self._spec, attempt)
        fresh.last_terminated = before.terminated or before.last_terminated
        self._state.facts[self._name] = fresh
        self.waits.pulled()
        await self._post_start()
        fresh.started = not self._spec.get("startupProbe")
        fresh.ready = fresh.started and not self._spec.get("readinessProbe")
        self._changed()
        await ended_container.remove_old_attempts(self._state, self._name, attempt)

    async def _post_start(self) -> None:
        handler = (self._spec.get("lifecycle") or {}).get("postStart")
        if not handler:
            return
        engine, address = self._state.node.engine, self._state.sandbox.address
        try:
            await hooks.run(engine, handler, self._spec, self._facts.container_id, address)
        except hooks.HookFailed as error:
            text = f"PostStartHook failed: {error}"
            self._state.tell("FailedPostStartHook", text, self._name, warning=True)
            self._kill("FailedPostStartHook", {})

    async def _note_start_error(self, error: StartError) -> None:
        self._state.tell("Failed", f"Error: {error}", self._name, warning=True)
        facts = self._facts
        if facts.container_id:
            facts.restart_count += 1
        facts.last_terminated = facts.terminated or facts.last_terminated
        facts.container_id, facts.running_since = error.container_id, ""
        facts.terminated = start_error(error.container_id, str(error))
        if self._starts_again():
            facts.last_terminated = facts.terminated
            await self.waits.start_error(str(error))

    async def _watch(self) -> None:
        """Probe the running container until it ends."""
        ended = asyncio.create_task(self._state.node.engine.wait(self._facts.container_id))
        probes = asyncio.create_task(prober.watch(self._subject()))
        try:
            await ended
        finally:
            ended.cancel()
            probes.cancel()
        await ended_container.record_end(self._state, self._name)
        self._state.report()

    def _subject(self) -> prober.Subject:
        return self._state.subject(self._name, changed=self._changed, kill=self._kill)

    def _changed(self) -> None:
        if self._facts.started:
            self.has_started.set()
        self._state.report()

    def _kill(self, why: str, probe: dict) -> None:
        """Stop the container with grace, in the background; the watch then sees its end."""
        self._state.tell("Killing", why, self._name)
        own = self._state.pod["spec"].get("terminationGracePeriodSeconds", 30)
        task = asyncio.create_task(self._stop(probe.get("terminationGracePeriodSeconds", own)))
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)

    async def _stop(self, grace: float) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + grace
        # What the engine refuses now, the watch learns anyway.
        with suppress(EngineDown, EngineError):
            await stopping.stop(self._state, self._name, lambda: deadline - loop.time())
