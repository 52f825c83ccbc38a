"""Live changes to some kinds."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import expired
from aks_flow.rehearsal.standins.kubernetes.kinds import versions
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.store import ADDED, ObjectStore, Record


@dataclass(frozen=True)
class ObjectChange:
    """type: ADDED, MODIFIED or DELETED. object: after the write, or as it was when deleted.

    lines: the record's.
    """

    type: str
    kind: Kind
    object: dict
    previous: dict | None = None
    revision: int = 0
    lines: dict = field(default_factory=dict)


class Watch:
    """Every change after a revision; with None, first everything that exists. StatusError 410.

    The objects in its changes are the store's and must not be changed.
    """

    def __init__(self, store: ObjectStore, kinds: Iterable[Kind], since: int | None = None):
        self._store = store
        hubs = [versions.hub(kind) for kind in kinds]
        # The preferred version comes first, and is the one that its followers ask for.
        self._kinds = {kind.resource: kind for kind in reversed(hubs)}
        self._queue: asyncio.Queue[Record] = asyncio.Queue()
        resources = frozenset(self._kinds)
        if since is not None and since < store.oldest:
            raise expired(store.oldest, since)
        self.start = store.revision
        self._backlog = self._existing() if since is None else list(store.since(since, resources))
        store.listen(self._queue.put_nowait, resources)

    @property
    def revision(self) -> int:
        """A revision that everything delivered so far reaches."""
        return self._store.revision if self._queue.empty() else self.start

    def backlog(self) -> Iterator[ObjectChange]:
        """What was already there when the watch began, once."""
        records, self._backlog = self._backlog, []
        return map(self._change, records)

    async def next(self) -> ObjectChange:
        return self._change(await self._queue.get())

    def close(self) -> None:
        self._store.forget(self._queue.put_nowait)

    def _existing(self) -> list[Record]:
        return [
            Record(int(item["metadata"]["resourceVersion"]), ADDED, resource, item, None)
            for resource in self._kinds
            for item in self._store.list(resource)
        ]

    def _change(self, record: Record) -> ObjectChange:
        kind = self._kinds[record.resource]
        return ObjectChange(record.type, kind, record.object, record.previous, record.revision, record.lines)
