"""Probes that run a program inside the container."""

import asyncio

from aks_flow.rehearsal.standins.kubernetes.kubelet.engine import Engine, EngineDown, EngineError
from aks_flow.rehearsal.standins.kubernetes.kubelet.probes.outcome import Outcome

_OUTPUT_LIMIT = 10 * 1024


async def run(engine: Engine, container_id: str, argv: list[str], timeout: float) -> Outcome:
    """Good if the program ends with 0 in time; otherwise its output is the message."""
    try:
        async with asyncio.timeout(timeout):
            code, output = await engine.execute(container_id, argv)
    except TimeoutError:
        return Outcome(False, f'command "{" ".join(argv)}" timed out')
    except (EngineError, EngineDown) as error:
        return Outcome(False, str(error))
    text = output[:_OUTPUT_LIMIT].decode(errors="replace")
    if code in (126, 127) and "OCI runtime exec failed" in text:
        return Outcome(False, text.strip())
    return Outcome(code == 0, "" if code == 0 else text)
