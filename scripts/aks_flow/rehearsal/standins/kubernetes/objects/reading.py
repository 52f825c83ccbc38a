"""Reading objects: what is handed out are copies that the caller may change."""

import marshal
from collections.abc import AsyncIterator, Iterable

from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Fields, Selector
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import not_found
from aks_flow.rehearsal.standins.kubernetes.kinds import versions
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange, Watch
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore


def deep_copy(item: dict) -> dict:
    """A deep copy of JSON data; marshal takes a tenth of the time of copy.deepcopy."""
    return marshal.loads(marshal.dumps(item))


def shown(kind: Kind, item: dict) -> dict:
    """A copy of a stored object, as the given version of its kind."""
    return versions.present(kind, deep_copy(item))


class Reader:
    """get, find, list and watch on a store."""

    def __init__(self, store: ObjectStore):
        self.store = store

    def find(self, kind: Kind, namespace: str, name: str) -> dict | None:
        item = self.store.get(versions.hub(kind).resource, namespace, name)
        return item and shown(kind, item)

    def get(self, kind: Kind, namespace: str, name: str) -> dict:
        """StatusError 404 if there is none."""
        item = self.find(kind, namespace, name)
        if item is None:
            raise not_found(kind, name)
        return item

    def view(self, kind: Kind, namespace: str | None = None) -> list[dict]:
        """The stored objects themselves, for who only looks at many: they must not be changed."""
        return self.store.list(versions.hub(kind).resource, namespace)

    def look(
        self,
        kind: Kind,
        namespace: str | None = None,
        labels: Selector | dict[str, str] | None = None,
        fields: Fields | None = None,
        revision: int | None = None,
    ) -> list[dict]:
        """As ``list``, for who only looks: what is in the objects is the store's and must not be changed.

        revision: of an earlier moment.
        """
        selector = Selector.of(labels or {}) if not isinstance(labels, Selector) else labels
        resource = versions.hub(kind).resource
        if revision is None:
            stored = self.store.list(resource, namespace)
        else:
            stored = self.store.list_at(revision, resource, namespace)
        return [
            versions.present(kind, item)
            for item in stored
            if selector.matches(item["metadata"].get("labels")) and (not fields or fields.matches(item))
        ]

    def list(
        self,
        kind: Kind,
        namespace: str | None = None,
        labels: Selector | dict[str, str] | None = None,
        fields: Fields | None = None,
    ) -> list[dict]:
        """In the order of namespace and name; every namespace if None."""
        return [deep_copy(item) for item in self.look(kind, namespace, labels, fields)]

    async def watch(self, watched: Iterable[Kind], since: int | None = None) -> AsyncIterator[ObjectChange]:
        """Changes after a resource version; with None, first ADDED for all that exists. StatusError 410."""
        live = Watch(self.store, watched, since)
        try:
            for change in live.backlog():
                yield _copied(change)
            while True:
                yield _copied(await live.next())
        finally:
            live.close()


def _copied(change: ObjectChange) -> ObjectChange:
    return ObjectChange(change.type, change.kind, shown(change.kind, change.object))
