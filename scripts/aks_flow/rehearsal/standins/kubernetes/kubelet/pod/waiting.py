"""Why a container does not run yet or again: said in its status and events, and waited out."""

import asyncio
from datetime import timedelta
from random import uniform

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.kubelet import naming
from aks_flow.rehearsal.standins.kubernetes.kubelet.backoff import (
    Backoff,
    RestartBackoff,
    shown_after,
)
from aks_flow.rehearsal.standins.kubernetes.kubelet.durations import go_duration
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod import waiting_reason
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.running_pod import RunningPod

# Kubelet looks at a pod in trouble again after this long.
_RESYNC_SECONDS = 10
_JITTER = 1.5  # times as long at most, by chance
_SHOW_START_ERROR_SECONDS = 1


class ContainerWaits:
    """The waits of one container, which grow longer with its failures."""

    def __init__(self, state: RunningPod, name: str):
        self._state, self._name = state, name
        self._pulls, self._restarts = Backoff(), RestartBackoff()

    def pulled(self) -> None:
        """The image came: the next failure to pull one is a first failure."""
        self._pulls.reset()

    async def until_start_may_be_retried(self, error: Exception, image: str) -> None:
        """Say why the container cannot start, and return when it may be tried again."""
        cause = waiting_reason.from_error(error, image)
        for reason, message in cause.events:
            self._tell(reason, message, warning=True)
        self._show(cause.reason, cause.message)
        if cause.reason == "ErrImagePull":
            await asyncio.sleep(_RESYNC_SECONDS)
            await self._back_off_pull(image, cause.message)
        else:
            # A Secret that it lacks may be there sooner: kubelet looks again no sooner for that.
            await asyncio.sleep(_RESYNC_SECONDS * uniform(1, _JITTER))

    async def _back_off_pull(self, image: str, message: str) -> None:
        text = f'Back-off pulling image "{image}"'
        self._tell("BackOff", text)
        self._tell("Failed", "Error: ImagePullBackOff", warning=True)
        self._show("ImagePullBackOff", f"{text}: ErrImagePull: {message}")
        await asyncio.sleep(self._pulls.fail())

    async def start_error(self, message: str) -> None:
        """Show that the process could not be started."""
        self._show("RunContainerError", message)
        await asyncio.sleep(_SHOW_START_ERROR_SECONDS)

    async def restart(self) -> None:
        """Wait as long as the ends so far ask for, counted from the last one."""
        ended = self._state.facts[self._name].terminated
        finished = times.parse(ended["finishedAt"])
        ran = (finished - times.parse(ended["startedAt"])).total_seconds()
        seconds = self._restarts.after_run(0 if ended["reason"] == "StartError" else ran)
        if not seconds:
            return
        left = times.seconds_left(times.stamp(finished + timedelta(seconds=seconds)), seconds)
        loop = asyncio.get_running_loop()
        due = loop.time() + left
        self._tell_back_off()
        to_probe = self._state.seconds_to_probe(self._name)
        await asyncio.sleep(shown_after(left, to_probe))
        self._state.facts[self._name].last_terminated = ended
        self._show_back_off(seconds)
        if to_probe is not None:
            self._tell_back_off()
        await asyncio.sleep(max(0, due - loop.time()))

    def _show_back_off(self, seconds: float) -> None:
        message = f"restarting failed container={self._name} pod={naming.pod_full_name(self._state.pod)}"
        self._show("CrashLoopBackOff", f"back-off {go_duration(seconds)} {message}")

    def _tell_back_off(self) -> None:
        where = naming.pod_full_name(self._state.pod)
        text = f"Back-off restarting failed container {self._name} in pod {where}"
        self._tell("BackOff", text, warning=True)

    def _show(self, reason: str, message: str) -> None:
        self._state.facts[self._name].waiting = (reason, message)
        self._state.report()

    def _tell(self, reason: str, message: str, *, warning: bool = False) -> None:
        self._state.tell(reason, message, self._name, warning=warning)
