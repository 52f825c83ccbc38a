"""Objects and their history in SQLite, with a copy of the current objects in memory.

Every write is one committed transaction and one new resource version. The history is the watches' log;
its oldest part is dropped as it grows.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import unstorable

ADDED, MODIFIED, DELETED = "ADDED", "MODIFIED", "DELETED"

_HISTORY = 4000
# As on a standard cluster, small numbers belong to a past that nobody remembers: a watch from 1 is refused.
_FIRST = 100
_SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    resource TEXT, namespace TEXT, name TEXT, object TEXT,
    PRIMARY KEY (resource, namespace, name)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history (
    revision INTEGER PRIMARY KEY, type TEXT,
    resource TEXT, namespace TEXT, name TEXT, object TEXT, previous TEXT);
"""


@dataclass(frozen=True)
class Record:
    """One write. object: as it is now, or was when deleted; previous: before it. Neither may be changed.

    lines: what watches have made of it, so that those that show the same share it.
    """

    revision: int
    type: str
    resource: str
    object: dict
    previous: dict | None
    lines: dict = field(default_factory=dict)


class ObjectStore:
    """Objects by (resource, namespace, name); what it hands out is shared and must not be changed."""

    def __init__(self, path: Path | str):
        self._database = sqlite3.connect(path, isolation_level=None)
        # A killed process loses nothing, because the kernel holds what was written. A wait for the disk
        # would stop all that this process does, the forwarding to Services included.
        self._database.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; {_SCHEMA}")
        self._objects: dict[str, dict[tuple[str, str], dict]] = defaultdict(dict)
        self._listeners: dict[object, frozenset[str]] = {}
        self._load()

    def _load(self) -> None:
        for resource, namespace, name, text in self._database.execute("SELECT * FROM objects"):
            self._objects[resource][namespace, name] = json.loads(text)
        oldest, newest = self._database.execute("SELECT min(revision), max(revision) FROM history").fetchone()
        self.revision: int = newest or _FIRST
        self.oldest: int = oldest - 1 if oldest else self.revision

    def get(self, resource: str, namespace: str, name: str) -> dict | None:
        return self._objects[resource].get((namespace, name))

    def list_at(self, revision: int, resource: str, namespace: str | None = None) -> list[dict]:
        """As ``list``, at an earlier moment; the caller has checked ``oldest``."""
        items_by_key = dict(self._objects[resource])
        for record in reversed(list(self.since(revision, frozenset((resource,))))):
            key = key_of(record.object)
            if record.previous:
                items_by_key[key] = record.previous
            else:
                items_by_key.pop(key, None)
        return [
            item for key, item in sorted(items_by_key.items()) if namespace is None or key[0] == namespace
        ]

    def list(self, resource: str, namespace: str | None = None) -> list[dict]:
        """In the order of namespace and name; all namespaces if None."""
        entries = sorted(self._objects[resource].items())
        return [item for key, item in entries if namespace is None or key[0] == namespace]

    def put(self, resource: str, item: dict) -> dict:
        """Write an object, which becomes the store's; metadata.resourceVersion is set on it."""
        key = key_of(item)
        previous = self._objects[resource].get(key)
        text = self._stamp(item)
        row = (resource, *key, text)
        with self._transaction():
            self._database.execute("INSERT OR REPLACE INTO objects VALUES (?, ?, ?, ?)", row)
            self._log(MODIFIED if previous else ADDED, row, previous)
        self._objects[resource][key] = item
        self._announce(MODIFIED if previous else ADDED, resource, item, previous)
        return item

    def delete(self, resource: str, namespace: str, name: str) -> dict:
        """Remove an object; gives it as it was, with the deletion's resource version."""
        previous = self._objects[resource][namespace, name]
        gone = previous | {"metadata": dict(previous["metadata"])}
        row = (resource, namespace, name, self._stamp(gone))
        with self._transaction():
            self._database.execute(
                "DELETE FROM objects WHERE resource = ? AND namespace = ? AND name = ?", row[:3]
            )
            self._log(DELETED, row, previous)
        del self._objects[resource][namespace, name]
        self._announce(DELETED, resource, gone, previous)
        return gone

    def since(self, revision: int, resources: frozenset[str]) -> Iterator[Record]:
        """The writes after a revision, oldest first; the caller has checked ``oldest``."""
        marks = ", ".join("?" * len(resources))
        query = (
            "SELECT revision, type, resource, object, previous FROM history"
            f" WHERE revision > ? AND resource IN ({marks}) ORDER BY revision"
        )
        for number, change, resource, item, previous in self._database.execute(query, (revision, *resources)):
            yield Record(number, change, resource, json.loads(item), previous and json.loads(previous))

    def listen(self, listener, resources: frozenset[str]) -> None:
        """Call ``listener(record)`` after each write to one of the resources, until ``forget``."""
        self._listeners[listener] = resources

    def forget(self, listener) -> None:
        self._listeners.pop(listener, None)

    def close(self) -> None:
        self._database.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """StatusError 507 if the disk does not take it: then nothing has changed, here or in memory."""
        try:
            with self._database:
                self._database.execute("BEGIN")
                yield
        except sqlite3.OperationalError as error:
            raise unstorable(str(error)) from error

    def _stamp(self, item: dict) -> str:
        item["metadata"]["resourceVersion"] = str(self.revision + 1)
        return json.dumps(item, separators=(",", ":"), ensure_ascii=False)

    def _log(self, change: str, row: tuple, previous: dict | None) -> None:
        before = previous and json.dumps(previous, separators=(",", ":"), ensure_ascii=False)
        revision = self.revision + 1
        values = (revision, change, *row, before)
        self._database.execute("INSERT INTO history VALUES (?, ?, ?, ?, ?, ?, ?)", values)
        if revision - self.oldest > 2 * _HISTORY:
            self._database.execute("DELETE FROM history WHERE revision <= ?", (revision - _HISTORY,))
            self.oldest = revision - _HISTORY

    def _announce(self, change: str, resource: str, item: dict, previous: dict | None) -> None:
        self.revision += 1
        record = Record(self.revision, change, resource, item, previous)
        for listener, resources in tuple(self._listeners.items()):
            if resource in resources:
                listener(record)


def key_of(item: dict) -> tuple[str, str]:
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]
