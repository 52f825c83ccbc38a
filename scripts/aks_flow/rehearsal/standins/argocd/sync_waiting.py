"""What a sync waits for between its steps; it says so, and waits for ever."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aks_flow.rehearsal.standins.argocd import health, hooks, merging, names, object_refs
from aks_flow.rehearsal.standins.argocd.context import ControllerContext
from aks_flow.rehearsal.standins.argocd.health import Health
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.argocd.sync_results import SyncResults

_LOOK_AGAIN = 1  # seconds; an annotation of the Application wakes nobody here
_UNSUCCESSFUL = "one or more synchronization tasks completed unsuccessfully"


class SyncFailed(Exception):
    """A sync ended early; the message is the operation's."""


@dataclass(frozen=True)
class Waiting:
    """``tell`` hears what is waited for, in Argo CD's words."""

    context: ControllerContext
    application: dict
    results: SyncResults
    tell: Callable[[str], Awaitable[None]]

    async def for_completion(self, made: list[dict], objects: list[dict]) -> None:
        """Return when the hooks have ended and the objects are healthy; SyncFailed if one goes wrong."""
        await self._while(
            lambda: self._left(made, objects),
            lambda left: _sentence(left, {object_refs.of(hook) for hook in made}),
        )

    async def for_deletion(self, lives: list[dict]) -> None:
        await self._while(
            lambda: [object_refs.of(live) for live in lives if self._is_there(live)],
            lambda there: f"waiting for deletion of {_first(there)}",
        )

    async def _while(self, look: Callable[[], list[Ref]], sentence: Callable[[list[Ref]], str]) -> None:
        """Until a look gives none, and again after each change: also one that came while it was told."""
        while True:
            changed = self.context.live.next_change()
            if not (left := look()):
                return
            await self.tell(sentence(left))
            await changed.wait()

    async def for_confirmation(self, lives: list[dict]) -> None:
        """Until the Application's annotation agrees: a time later than the operation's begin will do."""
        while lives and not self._is_confirmed():
            first = lives[0]
            what = f"{first['apiVersion']}/{first['kind']}/{first['metadata']['name']}"
            more = f" and {len(lives) - 1} more resources" if len(lives) > 1 else ""
            await self.tell(f"Waiting for pruning confirmation of {what}{more}")
            await asyncio.sleep(_LOOK_AGAIN)

    def _is_confirmed(self) -> bool:
        application = self.context.application(self.application["metadata"]["name"]) or self.application
        began = application.get("status", {}).get("operationState", {}).get("startedAt", "")
        return object_refs.annotation(application, names.DELETION_APPROVED) >= (began or "9")

    def _is_there(self, live: dict) -> bool:
        now = self.context.live.get(object_refs.of(live))
        return bool(now) and now["metadata"]["uid"] == live["metadata"]["uid"]

    def _left(self, made: list[dict], objects: list[dict]) -> list[Ref]:
        ended = {object_refs.of(hook): hooks.outcome(self._live(hook)) for hook in made}
        ended |= {object_refs.of(item): self._state(item) for item in objects}
        for item in [*made, *objects]:
            if state := ended[object_refs.of(item)]:
                phase = names.FAILED if state.status == health.DEGRADED else names.SUCCEEDED
                self.results.conclude(item, phase, state.message)
        if any(state and state.status == health.DEGRADED for state in ended.values()):
            raise SyncFailed(_UNSUCCESSFUL)
        return [ref for ref, state in ended.items() if not state]

    def _state(self, item: dict) -> Health | None:
        """Healthy or Degraded, None for anything else; the object must be as it was applied."""
        live = self._live(item)
        if live is None or merging.differs(item, live):
            return None
        assessed = health.of(live) or Health(health.HEALTHY)
        return assessed if assessed.status in (health.HEALTHY, health.DEGRADED) else None

    def _live(self, item: dict) -> dict | None:
        return self.context.live.get(object_refs.of(item))


def _sentence(left: list[Ref], made: set[Ref]) -> str:
    if left[0] in made:
        return f"waiting for completion of hook {_first(left, 'hooks')}"
    return f"waiting for healthy state of {_first(left)}"


def _first(refs: list[Ref], what: str = "resources") -> str:
    """``apps/StatefulSet/database and 2 more resources``"""
    more = f" and {len(refs) - 1} more {what}" if len(refs) > 1 else ""
    return f"{refs[0].group}/{refs[0].kind}/{refs[0].name}{more}"
