"""A queue of work: each item waits once, comes back after a delay, or later and later while it fails."""

import asyncio
from collections.abc import Hashable

_FIRST_RETRY, _LONGEST_RETRY = 0.005, 30.0


class WorkQueue:
    """Items in the order of their arrival; an item that already waits is not added again."""

    def __init__(self):
        self._waiting: asyncio.Queue[Hashable] = asyncio.Queue()
        self._present: set[Hashable] = set()
        self._failures: dict[Hashable, int] = {}
        self._timers: dict[Hashable, asyncio.TimerHandle] = {}

    def add(self, item: Hashable) -> None:
        if item not in self._present:
            self._present.add(item)
            self._waiting.put_nowait(item)

    def add_after(self, item: Hashable, seconds: float) -> None:
        """Add the item later; a new delay replaces the one it waits for."""
        self.cancel(item)
        self._timers[item] = asyncio.get_running_loop().call_later(seconds, self._due, item)

    def cancel(self, item: Hashable) -> None:
        """Forget the item's delay."""
        if timer := self._timers.pop(item, None):
            timer.cancel()

    def retry(self, item: Hashable) -> float:
        """Add the item after a delay that doubles with each failure in a row; gives the delay in seconds."""
        failures = self._failures.get(item, 0)
        self._failures[item] = failures + 1
        delay = min(_FIRST_RETRY * 2 ** min(failures, 20), _LONGEST_RETRY)
        self.add_after(item, delay)
        return delay

    def succeeded(self, item: Hashable) -> None:
        self._failures.pop(item, None)

    async def get(self) -> Hashable:
        item = await self._waiting.get()
        self._present.discard(item)
        return item

    def _due(self, item: Hashable) -> None:
        self._timers.pop(item, None)
        self.add(item)
