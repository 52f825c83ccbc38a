"""Who owns which fields: managedFields read and written."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from aks_flow.rehearsal.standins.kubernetes.field_management import fieldsets
from aks_flow.rehearsal.standins.kubernetes.field_management.fieldsets import Paths

APPLY, UPDATE = "Apply", "Update"
_OLDER = "ancient-changes"
_MOST_UPDATERS = 10


@dataclass(frozen=True)
class Author:
    """Who writes, and what: "" for an object's own path, else the subresource."""

    name: str
    api_version: str
    subresource: str = ""


@dataclass(frozen=True)
class ManagedFieldsEntry:
    """One manager's fields. time: RFC 3339; "" if it has never changed anything."""

    author: Author
    operation: str
    fields: Paths
    time: str = ""

    @property
    def key(self) -> tuple:
        """What identifies a manager; one that applies stays the same when it moves to another version."""
        author = self.author if self.operation == UPDATE else replace(self.author, api_version="")
        return self.operation, author

    @property
    def text(self) -> str:
        """``"kubectl" with subresource "scale" using apps/v1``: how messages name a manager."""
        named = f'"{self.author.name}"'
        if self.author.subresource:
            named += f' with subresource "{self.author.subresource}"'
        return f"{named} using {self.author.api_version}" if self.operation == UPDATE else named


Entries = dict[tuple, ManagedFieldsEntry]


def read(metadata: dict) -> Entries:
    """The entries of an object's managedFields. ValueError or TypeError if they are malformed."""
    entries = (_parse(entry) for entry in metadata.get("managedFields") or ())
    return {entry.key: entry for entry in entries if entry.fields}


def is_reset(given: object) -> bool:
    """``managedFields: [{}]``: how clients ask to forget all owners."""
    return given == [{}]


def write(entries: Entries) -> list[dict]:
    """managedFields, appliers first, then by time and name, as a standard server sorts them."""
    return [_text(entry) for entry in sorted(_capped(entries.values()), key=_rank)]


def _rank(entry: ManagedFieldsEntry) -> tuple:
    author = entry.author
    return entry.operation, entry.time, author.name, author.api_version, author.subresource


def _capped(entries: Iterable[ManagedFieldsEntry]) -> list[ManagedFieldsEntry]:
    """The oldest of too many updaters become one."""
    updaters = sorted((entry for entry in entries if entry.operation == UPDATE), key=_rank)
    merged = updaters[: max(0, len(updaters) - _MOST_UPDATERS + 1)] if len(updaters) > _MOST_UPDATERS else []
    if not merged:
        return list(entries)
    newest = merged[-1]
    older = ManagedFieldsEntry(
        Author(_OLDER, newest.author.api_version),
        UPDATE,
        frozenset().union(*(entry.fields for entry in merged)),
        newest.time,
    )
    return [entry for entry in entries if entry not in merged] + [older]


def _parse(entry: dict) -> ManagedFieldsEntry:
    given = {"manager": "", "operation": UPDATE, "apiVersion": "", "subresource": "", "time": ""} | entry
    author = Author(given["manager"], given["apiVersion"], given["subresource"])
    if given["operation"] not in (APPLY, UPDATE):
        raise ValueError(f"operation must be {UPDATE} or {APPLY}: {given['operation']!r}")
    return ManagedFieldsEntry(
        author, given["operation"], fieldsets.decode(entry.get("fieldsV1") or {}), given["time"] or ""
    )


def _text(entry: ManagedFieldsEntry) -> dict:
    author = entry.author
    shown = {
        "manager": author.name,
        "operation": entry.operation,
        "apiVersion": author.api_version,
        "time": entry.time,
        "fieldsType": "FieldsV1",
        "fieldsV1": fieldsets.encode(entry.fields),
        "subresource": author.subresource,
    }
    return {name: value for name, value in shown.items() if value != ""}
