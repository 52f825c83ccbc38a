"""activeDeadlineSeconds: how long a pod may be active on its node."""

import asyncio

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times


class Exceeded(Exception):
    """verdict: the phase, reason and message that the pod ends with."""

    verdict = {
        "phase": "Failed",
        "reason": "DeadlineExceeded",
        "message": "Pod was active on the node longer than the specified deadline",
    }


async def watch(pod: dict) -> None:
    """Raise Exceeded when the time is over; never return before."""
    limit = pod["spec"].get("activeDeadlineSeconds")
    if limit is None:
        await asyncio.Event().wait()
    active = (times.now() - times.parse(pod["status"]["startTime"])).total_seconds()
    await asyncio.sleep(max(limit - active, 0))
    raise Exceeded
