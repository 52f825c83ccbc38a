"""An object as a server has it, with its fields' owners: by the stand-in's own field management."""

import copy

from aks_flow.rehearsal.standins.kubernetes import field_management
from aks_flow.rehearsal.standins.kubernetes.field_management import Author
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds

WHEN = "2026-11-29T12:00:00Z"


class Owned:
    """One object; every change notes its owner. live: as the server would show it."""

    def __init__(self, kind=kinds.DEPLOYMENT):
        self._kind, self._entries, self._item = kind, {}, {}

    def applied(self, item: dict, manager: str = "aks-flow") -> "Owned":
        author = Author(manager, self._kind.api_version)
        self._item, self._entries = field_management.applied(
            self._kind, self._item, copy.deepcopy(item), self._entries, author, True, WHEN
        )
        return self

    def changed(self, change, manager: str, subresource: str = "") -> "Owned":
        """change: edits a copy of the object in place, or makes it if there is none."""
        new = copy.deepcopy(self._item)
        change(new)
        author = Author(manager, self._kind.api_version, subresource)
        old = self._item or None
        self._entries = field_management.updated(self._kind, old, new, self._entries, author, WHEN)
        self._item = new
        return self

    @property
    def live(self) -> dict:
        metadata = self._item["metadata"] | {"managedFields": field_management.write(self._entries)}
        return {**self._item, "metadata": metadata | {"resourceVersion": "7"}}

    def with_owners(self, managed_fields: list[dict]) -> "Owned":
        """The same, its owners replaced as by a patch of managedFields."""
        self._entries = field_management.read({"managedFields": managed_fields})
        return self
