"""Live changes to some kinds, as an asynchronous iterator."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from scripts.rehearsal.cluster.kinds import Kind
from scripts.rehearsal.cluster.status import expired
from scripts.rehearsal.cluster.store import ADDED, Record, Store


@dataclass(frozen=True)
class Change:
    """type: ADDED, MODIFIED or DELETED. object: after the write, or as it was when deleted."""

    type: str
    kind: Kind
    object: dict
    previous: dict | None = None
    revision: int = 0


class Watch:
    """Every change after a revision, or everything that exists and then every change."""

    def __init__(self, store: Store, kinds: Iterable[Kind], since: int | None = None):
        self._store = store
        self._kinds = {kind.resource: kind for kind in kinds}
        self._queue: asyncio.Queue[Record] = asyncio.Queue()
        resources = frozenset(self._kinds)
        if since is not None and since < store.oldest:
            raise expired(store.oldest, since)
        self.start = store.revision if since is None else since
        self._backlog = self._existing() if since is None else list(store.since(since, resources))
        store.listen(self._queue.put_nowait, resources)

    def _existing(self) -> list[Record]:
        return [
            Record(int(item["metadata"]["resourceVersion"]), ADDED, resource, item, None)
            for resource in self._kinds
            for item in self._store.list(resource)
        ]

    async def __aiter__(self) -> AsyncIterator[Change]:
        try:
            for record in self._backlog:
                yield self._change(record)
            self._backlog = []
            while True:
                yield self._change(await self._queue.get())
        finally:
            self.close()

    def close(self) -> None:
        self._store.forget(self._queue.put_nowait)

    def _change(self, record: Record) -> Change:
        kind = self._kinds[record.resource]
        return Change(record.type, kind, record.object, record.previous, record.revision)
