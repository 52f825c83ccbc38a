"""Lifecycle hooks: what a container wants run after it starts and before it stops."""

import asyncio

import aiohttp

from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes import target

_AGENT = "kube-lifecycle/1.36"


class HookFailed(Exception):
    """The hook's program failed, or its URL did not answer."""


async def run(engine: Engine, handler: dict, container: dict, container_id: str, address: str) -> None:
    """Run one hook to its end. HookFailed."""
    if action := handler.get("exec"):
        await _execute(engine, container_id, action["command"])
    elif action := handler.get("httpGet"):
        await _get(action, container, address)
    elif action := handler.get("sleep"):
        await asyncio.sleep(action["seconds"])
    else:
        raise HookFailed("invalid handler: no action specified")


async def _execute(engine: Engine, container_id: str, argv: list[str]) -> None:
    try:
        code, output = await engine.execute(container_id, argv)
    except EngineError as error:
        raise HookFailed(error.message) from error
    if code:
        text = output.decode(errors="replace").strip()
        raise HookFailed(f"command '{' '.join(argv)}' exited with {code}: {text}")


async def _get(action: dict, container: dict, address: str) -> None:
    try:
        url = target.url(action, container, address)
        async with (
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(ssl=False)) as session,
            session.get(url, headers=target.headers(action, _AGENT)) as response,
        ):
            await response.read()
    except (aiohttp.ClientError, OSError, ValueError) as error:
        raise HookFailed(str(error)) from error
