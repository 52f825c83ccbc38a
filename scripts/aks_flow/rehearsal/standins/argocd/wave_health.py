"""Waiting for a wave of a sync: the next one may rely on it."""

from aks_flow.rehearsal.standins.argocd import health, merging, object_refs
from aks_flow.rehearsal.standins.argocd.context import ControllerContext


class SyncFailed(Exception):
    """A sync ended early; the message is the operation's."""


async def settle(context: ControllerContext, wave: list[dict]) -> None:
    """Back when all of it is in place and healthy; SyncFailed if something in it is degraded."""
    while states := _unsettled(context, wave):
        degraded = [ref for ref, status in states.items() if status == health.DEGRADED]
        if degraded:
            raise SyncFailed(f"one or more synchronization tasks completed unsuccessfully: {degraded[0]}")
        await context.live.next_change()


def _unsettled(context: ControllerContext, wave: list[dict]) -> dict[object_refs.Ref, str]:
    statuses = {object_refs.of(item): _state(item, context.live.get(object_refs.of(item))) for item in wave}
    return {ref: status for ref, status in statuses.items() if status != health.HEALTHY}


def _state(item: dict, live: dict | None) -> str:
    """Missing until it is there as it was applied; a kind without health of its own is then healthy."""
    if live is None or merging.differs(item, live):
        return health.MISSING
    assessed = health.of(live)
    return assessed.status if assessed else health.HEALTHY
