"""What the rehearsal's Azure knows, in SQLite: documents by kind and key, each write committed at once."""

import json
import sqlite3
from pathlib import Path
from typing import Any

_SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (kind TEXT, key TEXT, document TEXT, PRIMARY KEY (kind, key))
"""
_WRITE = """
INSERT INTO documents VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET document = excluded.document
"""

Document = dict[str, Any]


class DocumentStore:
    """Keys are compared without regard to letter case, as Azure compares resource ids."""

    def __init__(self, path: Path | str):
        self._database = sqlite3.connect(path, isolation_level=None)
        # No wait for the disk: a killed process loses nothing, because the kernel holds what was written.
        self._database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF")
        self._database.execute(_SCHEMA)

    def get(self, kind: str, key: str) -> Document | None:
        ask = "SELECT document FROM documents WHERE kind = ? AND key = ?"
        row = self._database.execute(ask, (kind, key.lower())).fetchone()
        return json.loads(row[0]) if row else None

    def put(self, kind: str, key: str, document: Document) -> Document:
        self._database.execute(_WRITE, (kind, key.lower(), json.dumps(document)))
        return document

    def remove(self, kind: str, key: str) -> bool:
        """False if there was none."""
        drop = "DELETE FROM documents WHERE kind = ? AND key = ?"
        return self._database.execute(drop, (kind, key.lower())).rowcount > 0

    def all(self, kind: str, prefix: str = "") -> list[Document]:
        """Those whose keys begin with ``prefix``, in the order in which they came."""
        ask = "SELECT document FROM documents WHERE kind = ? AND substr(key, 1, ?) = ? ORDER BY rowid"
        rows = self._database.execute(ask, (kind, len(prefix), prefix.lower()))
        return [json.loads(text) for (text,) in rows]

    def close(self) -> None:
        self._database.close()
