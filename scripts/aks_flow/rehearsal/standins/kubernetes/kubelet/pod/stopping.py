"""Stopping one container: preStop hook, its stop signal, and SIGKILL when the grace period is over."""

import asyncio
from collections.abc import Callable

from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod import hooks
from aks_flow.rehearsal.standins.kubernetes.kubelet.pod.running_pod import RunningPod

_LOOK_AGAIN_SECONDS = 0.5


async def stop(state: RunningPod, name: str, left: Callable[[], float]) -> None:
    """Return when the container has ended. left(): the seconds of grace that remain, which may shrink."""
    container, container_id = state.container(name), state.facts[name].container_id
    ended = asyncio.create_task(state.node.engine.wait(container_id))
    try:
        if left() > 0:
            await _run_pre_stop(state, container, ended, left)
            await state.node.engine.kill(container_id, await _signal(state, container_id))
            await _until(ended, left)
        if not ended.done():
            await state.node.engine.kill(container_id)
        await ended
    finally:
        ended.cancel()


async def _run_pre_stop(state: RunningPod, container: dict, ended: asyncio.Task, left: Callable) -> None:
    handler = (container.get("lifecycle") or {}).get("preStop")
    if not handler:
        return
    hook = asyncio.create_task(_hook(state, container, handler))
    try:
        await _until(hook, left, ended)
    finally:
        hook.cancel()


async def _hook(state: RunningPod, container: dict, handler: dict) -> None:
    container_id = state.facts[container["name"]].container_id
    try:
        await hooks.run(state.node.engine, handler, container, container_id, state.sandbox.address)
    except hooks.HookFailed as error:
        state.tell("FailedPreStopHook", f"PreStopHook failed: {error}", container["name"], warning=True)


async def _signal(state: RunningPod, container_id: str) -> str:
    try:
        inspected = await state.node.engine.inspect(container_id)
    except EngineError:
        return "SIGTERM"
    return inspected["Config"].get("StopSignal") or "SIGTERM"


async def _until(task: asyncio.Task, left: Callable[[], float], *others: asyncio.Task) -> None:
    """Wait for the task, one of the others, or the end of the grace period."""
    while not task.done() and left() > 0 and not any(other.done() for other in others):
        timeout = min(left(), _LOOK_AGAIN_SECONDS)
        await asyncio.wait({task, *others}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
