"""One container of a pod: started, watched, and started again as its restart policy says."""

import asyncio
from contextlib import suppress

from scripts.rehearsal.cluster import times
from scripts.rehearsal.cluster.node import naming
from scripts.rehearsal.cluster.node.backoff import Backoff, RestartBackoff
from scripts.rehearsal.cluster.node.durations import go_duration
from scripts.rehearsal.cluster.node.pod import farewell, hooks, starting, stopping, trouble
from scripts.rehearsal.cluster.node.pod.state import PodState
from scripts.rehearsal.cluster.node.pod.trouble import StartError
from scripts.rehearsal.cluster.node.probes import prober
from scripts.rehearsal.cluster.node.status.facts import start_error

# Kubelet looks at a pod in trouble again after this long.
_RESYNC_SECONDS = 10
_SHOW_START_ERROR_SECONDS = 1


class ContainerRunner:
    """policy: Always, OnFailure or Never, of this container."""

    def __init__(self, state: PodState, name: str, policy: str):
        self._state, self._name, self._policy = state, name, policy
        self._pulls, self._restarts = Backoff(), RestartBackoff()
        self._image = self._spec["image"]
        self._tasks: set[asyncio.Task] = set()
        self._nudged = asyncio.Event()
        self.has_started = asyncio.Event()

    @property
    def _spec(self) -> dict:
        return self._state.container(self._name)

    @property
    def _facts(self):
        return self._state.facts[self._name]

    def sources_changed(self) -> None:
        """A ConfigMap or Secret changed, for which the container may be waiting."""
        self._nudged.set()

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
            await self._back_off()
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
            except trouble.EXPECTED as error:
                await self._wait_out(error)
            except StartError as error:
                await self._start_failed(error)
                if not self._starts_again():
                    return
                await self._back_off()

    async def _attempt(self) -> None:
        before = self._facts
        self._image = self._spec["image"]
        attempt = before.restart_count + 1 if before.container_id else 0
        fresh = await starting.start(self._state, self._spec, attempt)
        fresh.last_terminated = before.terminated or before.last_terminated
        self._state.facts[self._name] = fresh
        self._pulls.reset()
        await self._post_start()
        fresh.started = not self._spec.get("startupProbe")
        fresh.ready = fresh.started and not self._spec.get("readinessProbe")
        self._changed()
        await farewell.forget_old(self._state, self._name, attempt)

    async def _post_start(self) -> None:
        handler = (self._spec.get("lifecycle") or {}).get("postStart")
        if not handler:
            return
        machine, facts = self._state.machine, self._facts
        try:
            await hooks.run(
                machine.engine, handler, self._spec, facts.container_id, self._state.sandbox.address
            )
        except hooks.HookFailed as error:
            self._tell("FailedPostStartHook", f"PostStartHook failed: {error}", warning=True)
            self._kill("FailedPostStartHook", {})

    async def _wait_out(self, error: Exception) -> None:
        """Say why the container cannot start, and wait until it may be tried again."""
        found = trouble.of(error, self._spec["image"])
        for reason, message in found.events:
            self._tell(reason, message, warning=True)
        self._wait_for(found.reason, found.message)
        if found.reason == "ErrImagePull":
            await asyncio.sleep(_RESYNC_SECONDS)
            await self._back_off_pull(found.message)
        else:
            await self._sleep_until_sources_change()

    async def _back_off_pull(self, message: str) -> None:
        text = f'Back-off pulling image "{self._spec["image"]}"'
        self._tell("BackOff", text)
        self._tell("Failed", "Error: ImagePullBackOff", warning=True)
        self._wait_for("ImagePullBackOff", f"{text}: ErrImagePull: {message}")
        await asyncio.sleep(self._pulls.fail())

    async def _start_failed(self, error: StartError) -> None:
        self._tell("Failed", f"Error: {error}", warning=True)
        facts = self._facts
        if facts.container_id:
            facts.restart_count += 1
        facts.last_terminated = facts.terminated or facts.last_terminated
        facts.container_id, facts.running_since = error.container_id, ""
        facts.terminated = start_error(error.container_id, str(error))
        if self._starts_again():
            facts.last_terminated = facts.terminated
            self._wait_for("RunContainerError", str(error))
            await asyncio.sleep(_SHOW_START_ERROR_SECONDS)

    async def _watch(self) -> None:
        """Probe the running container until it ends."""
        ended = asyncio.create_task(self._state.machine.engine.wait(self._facts.container_id))
        probes = asyncio.create_task(prober.watch(self._subject()))
        try:
            await ended
        finally:
            ended.cancel()
            probes.cancel()
        await farewell.note_end(self._state, self._name)
        self._state.report()

    def _subject(self) -> prober.Subject:
        return prober.Subject(
            engine=self._state.machine.engine,
            container=self._spec,
            container_id=self._facts.container_id,
            address=self._state.sandbox.address,
            facts=self._facts,
            changed=self._changed,
            unhealthy=lambda message: self._tell("Unhealthy", message, warning=True),
            kill=self._kill,
        )

    def _changed(self) -> None:
        if self._facts.started:
            self.has_started.set()
        self._state.report()

    def _kill(self, why: str, probe: dict) -> None:
        """Stop the container with grace, in the background; the watch then sees its end."""
        self._tell("Killing", why)
        pod_grace = self._state.pod["spec"].get("terminationGracePeriodSeconds", 30)
        deadline = asyncio.get_running_loop().time() + probe.get("terminationGracePeriodSeconds", pod_grace)
        loop = asyncio.get_running_loop()
        task = asyncio.create_task(stopping.stop(self._state, self._name, lambda: deadline - loop.time()))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _back_off(self) -> None:
        """Wait as long as the ends so far ask for, counted from the last one."""
        ended = self._facts.terminated
        finished = times.parse(ended["finishedAt"])
        ran = (finished - times.parse(ended["startedAt"])).total_seconds()
        seconds = self._restarts.after_run(0 if ended["reason"] == "StartError" else ran)
        if not seconds:
            return
        where = naming.pod_full_name(self._state.pod)
        self._facts.last_terminated = ended
        message = f"back-off {go_duration(seconds)} restarting failed container={self._name} pod={where}"
        self._wait_for("CrashLoopBackOff", message)
        due = finished.timestamp() + seconds
        while (remaining := due - times.now().timestamp()) > 0:
            event = f"Back-off restarting failed container {self._name} in pod {where}"
            self._tell("BackOff", event, warning=True)
            await asyncio.sleep(min(remaining, _RESYNC_SECONDS))

    def _wait_for(self, reason: str, message: str) -> None:
        self._facts.waiting = (reason, message)
        self._state.report()

    async def _sleep_until_sources_change(self) -> None:
        self._nudged.clear()
        with suppress(TimeoutError):
            async with asyncio.timeout(_RESYNC_SECONDS):
                await self._nudged.wait()

    def _tell(self, reason: str, message: str, *, warning: bool = False) -> None:
        self._state.tell(reason, message, self._name, warning=warning)
