"""Server-side apply: what a manager applies is what it owns, and only who forces takes a field from another.

Behaviour: https://kubernetes.io/docs/reference/using-api/server-side-apply/ and the recorded exchanges.
"""

import json
from dataclasses import replace
from functools import partial

from aks_flow.rehearsal.standins.kubernetes.field_management import fieldsets, shapes
from aks_flow.rehearsal.standins.kubernetes.field_management.comparing import ABSENT, compare, fields_of
from aks_flow.rehearsal.standins.kubernetes.field_management.fieldsets import Paths
from aks_flow.rehearsal.standins.kubernetes.field_management.managers import (
    APPLY,
    Author,
    Entries,
    ManagedFieldsEntry,
)
from aks_flow.rehearsal.standins.kubernetes.field_management.merging import merge, without
from aks_flow.rehearsal.standins.kubernetes.field_management.shapes import Shape
from aks_flow.rehearsal.standins.kubernetes.field_management.updating import NOBODYS, lose, ownable
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"
_KUBECTL = "kubectl"


class Conflicts(Exception):
    """Fields that other managers have with other values. fields: (manager's text, field's text) each."""

    def __init__(self, conflicts: dict[str, Paths]):
        super().__init__("conflicts")
        self.fields = [
            (manager, fieldsets.text(path))
            for manager in conflicts
            for path in fieldsets.in_order(conflicts[manager])
        ]

    @property
    def message(self) -> str:
        if len(self.fields) == 1:
            manager, field = self.fields[0]
            return f"Apply failed with 1 conflict: conflict with {manager}: {field}"
        lines = []
        for manager in dict.fromkeys(manager for manager, _ in self.fields):
            lines.append(f"conflicts with {manager}:")
            lines += [f"- {field}" for owner, field in self.fields if owner == manager]
        return f"Apply failed with {len(self.fields)} conflicts: " + "\n".join(lines)


def applied(
    kind: Kind, live: dict, config: dict, entries: Entries, author: Author, force: bool, now: str
) -> tuple[dict, Entries]:
    """The object after applying config, and its entries. live: {} for an object that is not there.

    Conflicts if fields would change that others own, unless forced.
    """
    shape = shapes.of(kind)
    mine = ManagedFieldsEntry(
        author, APPLY, ownable(kind, author.subresource, frozenset(fields_of(shape, config)))
    )
    last = entries.get(mine.key)
    claimed = entries | {mine.key: replace(mine, time=last.time if last else "")}
    merged = _pruned(shape, merge(shape, live or ABSENT, config), last, claimed)
    changes = compare(shape, live, merged).among(partial(ownable, kind, author.subresource))
    others = {key: entry for key, entry in claimed.items() if key != mine.key}
    conflicts = _conflicts(others, changes.new - _last_applied_fields(shape, live, author))
    if conflicts and not force:
        raise Conflicts(conflicts)
    left = lose(others, changes)
    if mine.fields:
        left |= {mine.key: replace(claimed[mine.key], time=now) if changes else claimed[mine.key]}
    return _annotated(merged, config, author), left


def _pruned(shape: Shape, merged: dict, last: ManagedFieldsEntry | None, claimed: Entries) -> dict:
    """The object without what its applier had applied before, and nobody claims now."""
    if last is None:
        return merged
    owned = fieldsets.with_parents(path for entry in claimed.values() for path in entry.fields)
    return without(shape, merged, fieldsets.with_parents(last.fields) - owned - NOBODYS)


def _conflicts(others: Entries, changed: Paths) -> dict[str, Paths]:
    """By manager, in the order of their names: the fields that would change under them."""
    contested = {entry.text: entry.fields & changed for entry in others.values()}
    return {manager: contested[manager] for manager in sorted(contested) if contested[manager]}


def _last_applied_fields(shape: Shape, live: dict, author: Author) -> Paths:
    """What kubectl applied from its side and nobody changed since: kubectl may take that over."""
    text = _annotations(live).get(LAST_APPLIED)
    if author.name != _KUBECTL or not text:
        return fieldsets.NONE
    try:
        before = json.loads(text)
    except ValueError:
        return fieldsets.NONE
    if not isinstance(before, dict) or before.get("apiVersion") != author.api_version:
        return fieldsets.NONE
    return frozenset(fields_of(shape, before)) - compare(shape, live, before).new


def _annotated(merged: dict, config: dict, author: Author) -> dict:
    """kubectl's own record follows what kubectl applies, if the object has one."""
    annotations = _annotations(merged)
    if author.name != _KUBECTL or LAST_APPLIED not in annotations:
        return merged
    metadata = merged["metadata"] | {"annotations": annotations | {LAST_APPLIED: _record(config)}}
    return merged | {"metadata": metadata}


def _record(config: dict) -> str:
    return json.dumps(config, separators=(",", ":"), sort_keys=True, ensure_ascii=False) + "\n"


def _annotations(item: dict) -> dict:
    return (item.get("metadata") or {}).get("annotations") or {}
