"""What a sync waits for is seen, whenever it happens."""

import asyncio
from types import SimpleNamespace

from aks_flow.rehearsal.standins.argocd import object_refs
from aks_flow.rehearsal.standins.argocd.live_state import LiveStateCache
from aks_flow.rehearsal.standins.argocd.sync_results import SyncResults
from aks_flow.rehearsal.standins.argocd.sync_waiting import Waiting

GOING = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "b", "uid": "1"}}


class Live(LiveStateCache):
    """A copy of one object; no cluster is followed."""

    def __init__(self):
        super().__init__(api=None, changed=lambda item: None)
        self.there = {object_refs.of(GOING): GOING}

    def get(self, ref):
        return self.there.get(ref)

    def lose(self) -> None:
        self.there.clear()
        self._take(GOING, gone=True)


def test_a_change_that_comes_while_the_sentence_is_written_is_not_missed():
    async def scene() -> list[str]:
        live, told = Live(), []

        async def tell(sentence: str) -> None:
            told.append(sentence)
            live.lose()

        waiting = Waiting(SimpleNamespace(live=live), {}, SyncResults(), tell)
        async with asyncio.timeout(5):
            await waiting.for_deletion([GOING])
        return told

    assert asyncio.run(scene()) == ["waiting for deletion of /ConfigMap/a"]
