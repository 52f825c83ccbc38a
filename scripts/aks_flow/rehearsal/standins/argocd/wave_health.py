"""Waiting until a wave of a sync is healthy: the next wave may rely on it."""

from aks_flow.rehearsal.standins.argocd import health, merging, object_refs
from aks_flow.rehearsal.standins.argocd.context import ControllerContext


class SyncFailed(Exception):
    """A sync ended early; the message is the operation's."""


async def wait_until_healthy(context: ControllerContext, wave: list[dict]) -> None:
    """Return when all of its objects are in place and healthy; SyncFailed if one is degraded."""
    while states := _unhealthy(context, wave):
        degraded = [ref for ref, status in states.items() if status == health.DEGRADED]
        if degraded:
            raise SyncFailed(f"one or more synchronization tasks completed unsuccessfully: {degraded[0]}")
        await context.live.next_change()


def _unhealthy(context: ControllerContext, wave: list[dict]) -> dict[object_refs.Ref, str]:
    statuses = {object_refs.of(item): _state(item, context.live.get(object_refs.of(item))) for item in wave}
    return {ref: status for ref, status in statuses.items() if status != health.HEALTHY}


def _state(item: dict, live: dict | None) -> str:
    """Missing until it is there as it was applied; a kind without health of its own is then healthy."""
    if live is None or merging.differs(item, live):
        return health.MISSING
    assessed = health.of(live)
    return assessed.status if assessed else health.HEALTHY
