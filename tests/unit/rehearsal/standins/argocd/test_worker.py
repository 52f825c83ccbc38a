"""The work on one Application ends when it is cancelled, whatever happens at that moment."""

import asyncio
from types import SimpleNamespace

from aks_flow.rehearsal.standins.argocd.refreshing import Level
from aks_flow.rehearsal.standins.argocd.worker import Worker


class Idle(Worker):
    async def _once(self) -> None:
        """Nothing to do until the next poll."""
        self._polled = asyncio.get_running_loop().time()


def test_a_cancelled_worker_ends_although_it_is_woken_in_the_same_moment():
    async def scene() -> None:
        worker = Idle(SimpleNamespace(poll=60.0, application=lambda name: {"metadata": {}}), "app")
        task = asyncio.create_task(worker.run())
        await asyncio.sleep(0.05)
        worker.ask(Level.RECENT)
        task.cancel()
        ended, _ = await asyncio.wait([task], timeout=30)
        task.cancel()
        assert ended

    asyncio.run(scene())
