"""Garbage collection: dependents follow their owners, in the background or first, or are orphaned."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.controllers import owners
from aks_flow.rehearsal.standins.kubernetes.controllers.garbage.decide import (
    FOREGROUND,
    ORPHAN,
    Owner,
    blocks,
    fate,
    frees_dependents,
    waits_for_dependents,
)
from aks_flow.rehearsal.standins.kubernetes.controllers.garbage.dependents import Dependents, Place, place
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.options import DeleteOptions
from aks_flow.rehearsal.standins.kubernetes.objects.watching import ObjectChange


class GarbageCollector:
    name = "garbage-collector"

    def __init__(self, objects: Objects):
        self._objects, self._dependents = objects, Dependents()

    def watches(self):
        return {None: self._places}

    def _places(self, change: ObjectChange) -> Iterable[Place]:
        """The object itself, what depends on it if it goes, and owners that may have waited for it."""
        if change.kind in (kinds.EVENT, kinds.NEW_EVENT):
            return []
        if change.type == "DELETED":
            self._dependents.remove(change.kind, change.object)
        else:
            self._dependents.put(change.kind, change.object)
        concerned = [
            *self._owner_places(change.object),
            *self._dependents.of(change.object["metadata"]["uid"]),
        ]
        return [*([] if change.type == "DELETED" else [place(change.kind, change.object)]), *concerned]

    def _owner_places(self, item: dict) -> list[Place]:
        references = item["metadata"].get("ownerReferences") or ()
        places = (
            (self._kind(reference), self._namespace(reference, item), reference["name"])
            for reference in references
        )
        return [where for where in places if where[0]]

    def _kind(self, reference: dict) -> Kind | None:
        return self._objects.kinds.by_kind(reference["apiVersion"], reference["kind"])

    def _namespace(self, reference: dict, item: dict) -> str:
        kind = self._kind(reference)
        return item["metadata"].get("namespace", "") if kind and kind.namespaced else ""

    def reconcile(self, key: Place) -> None:
        kind, namespace, name = key
        item = self._objects.find(kind, namespace, name)
        if item is None:
            return
        dependents = self._living(item)
        if frees_dependents(item):
            self._orphan(kind, item, dependents)
        elif waits_for_dependents(item) and not any(blocks(dependent, item) for _, dependent in dependents):
            owners.drop_finalizer(self._objects, kind, item, FOREGROUND)
        elif item["metadata"].get("ownerReferences"):
            self._settle(kind, item, bool(dependents))

    def _living(self, owner: dict) -> list[tuple[Kind, dict]]:
        places = self._dependents.of(owner["metadata"]["uid"])
        objects = [(kind, self._objects.find(kind, namespace, name)) for kind, namespace, name in places]
        return [(kind, item) for kind, item in objects if item]

    def _settle(self, kind: Kind, item: dict, has_dependents: bool) -> None:
        references = item["metadata"]["ownerReferences"]
        decision = fate(
            item, {reference["uid"]: self._state(reference, item) for reference in references}, has_dependents
        )
        if decision.delete:
            options = DeleteOptions(propagation=self._propagation(item, decision.delete))
            self._objects.delete(kind, *owners.key(item), options)
        elif decision.keep is not None:
            item["metadata"]["ownerReferences"] = [
                reference for reference in references if reference["uid"] in decision.keep
            ]
            self._objects.update(kind, item)

    def _propagation(self, item: dict, default: str) -> str:
        return "Orphan" if ORPHAN in (item["metadata"].get("finalizers") or ()) else default

    def _state(self, reference: dict, item: dict) -> Owner:
        kind = self._kind(reference)
        if kind is None:
            # The definition of the owner's kind may come back; a standard collector waits as well.
            return Owner.PRESENT
        owner = self._objects.find(kind, self._namespace(reference, item), reference["name"])
        if owner is None or owner["metadata"]["uid"] != reference["uid"]:
            return Owner.ABSENT
        return Owner.WAITING if waits_for_dependents(owner) else Owner.PRESENT

    def _orphan(self, kind: Kind, item: dict, dependents: list[tuple[Kind, dict]]) -> None:
        uid = item["metadata"]["uid"]
        for its_kind, dependent in dependents:
            references = dependent["metadata"]["ownerReferences"]
            dependent["metadata"]["ownerReferences"] = [
                reference for reference in references if reference["uid"] != uid
            ]
            self._objects.update(its_kind, dependent)
        owners.drop_finalizer(self._objects, kind, item, ORPHAN)
