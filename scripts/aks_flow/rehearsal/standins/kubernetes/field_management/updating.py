"""How an update changes owners: whoever changes a field owns it, and a field that is gone has no owner."""

from collections.abc import Iterable
from dataclasses import replace

from aks_flow.rehearsal.standins.kubernetes import schema
from aks_flow.rehearsal.standins.kubernetes.field_management import shapes
from aks_flow.rehearsal.standins.kubernetes.field_management.comparing import Changes, compare
from aks_flow.rehearsal.standins.kubernetes.field_management.fieldsets import Path, Paths, below
from aks_flow.rehearsal.standins.kubernetes.field_management.managers import (
    UPDATE,
    Author,
    Entries,
    ManagedFieldsEntry,
)
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

# What nobody owns: the server's own fields, and the containers that every object has.
NOBODYS = frozenset(
    [("f:apiVersion",), ("f:kind",), ("f:metadata",)]
    + [
        ("f:metadata", f"f:{name}")
        for name in (
            *("name", "namespace", "creationTimestamp", "selfLink", "uid", "generation"),
            *("managedFields", "resourceVersion", "deletionTimestamp", "deletionGracePeriodSeconds"),
        )
    ]
)
_STATUS, _SPEC = ("f:status",), ("f:spec",)


def updated(kind: Kind, old: dict | None, new: dict, entries: Entries, author: Author, now: str) -> Entries:
    """The entries after an update, or after a creation if old is None. now: RFC 3339."""
    changes = compare(shapes.of(kind), schema.zero(kind) if old is None else old, new)
    taken = ownable(kind, author.subresource, changes.new)
    left = lose(entries, changes)
    mine = ManagedFieldsEntry(author, UPDATE, taken, now)
    if not taken:
        return left
    earlier = left[mine.key].fields if mine.key in left else frozenset()
    return left | {mine.key: replace(mine, fields=taken | earlier)}


def lose(entries: Entries, changes: Changes) -> Entries:
    """The entries without the fields that somebody else has now, or that are gone."""
    taken = changes.new | changes.removed
    left = {key: replace(entry, fields=entry.fields - taken) for key, entry in entries.items()}
    return {key: entry for key, entry in left.items() if entry.fields}


def ownable(kind: Kind, subresource: str, paths: Iterable[Path]) -> Paths:
    """The fields that a write on an object, or on a subresource, can own."""
    if subresource == "status":
        without: tuple[Path, ...] = (_SPEC,)
    else:
        without = (_STATUS,) if "status" in kind.subresources else ()
    return frozenset(
        path for path in paths if path not in NOBODYS and not any(below(path, prefix) for prefix in without)
    )
