"""Owner references: who controls an object, and which objects a controller claims.

Adoption and release follow
https://kubernetes.io/docs/concepts/workloads/controllers/replicaset/#non-template-pod-acquisitions
"""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Selector
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.objects.objects import Objects
from aks_flow.rehearsal.standins.kubernetes.objects.reading import deep_copy, shown


def controller_of(item: dict) -> dict | None:
    """The owner reference of the controller, if there is one."""
    owners = item["metadata"].get("ownerReferences") or ()
    return next((owner for owner in owners if owner.get("controller")), None)


def controlled_by(item: dict, owner: dict) -> bool:
    reference = controller_of(item)
    return reference is not None and reference["uid"] == owner["metadata"]["uid"]


def reference(kind: Kind, owner: dict) -> dict:
    """The controller's owner reference that its dependents carry."""
    return {
        "apiVersion": kind.api_version,
        "kind": kind.kind,
        "name": owner["metadata"]["name"],
        "uid": owner["metadata"]["uid"],
        "controller": True,
        "blockOwnerDeletion": True,
    }


def key(item: dict) -> tuple[str, str]:
    """(namespace, name): what a controller's queue holds."""
    return item["metadata"].get("namespace", ""), item["metadata"]["name"]


def is_deleted(item: dict) -> bool:
    return "deletionTimestamp" in item["metadata"]


def drop_finalizer(objects: Objects, kind: Kind, item: dict, name: str) -> None:
    finalizers = item["metadata"].get("finalizers") or ()
    item["metadata"]["finalizers"] = [finalizer for finalizer in finalizers if finalizer != name]
    objects.update(kind, item)


def keys_of_owner(kind: Kind, item: dict) -> list[tuple[str, str]]:
    """The key of the controller of that kind, for a queue; none if another kind controls the object."""
    owner = controller_of(item)
    if owner and owner["kind"] == kind.kind and owner["apiVersion"] == kind.api_version:
        return [(item["metadata"]["namespace"], owner["name"])]
    return []


def claimants(objects: Objects, kind: Kind, item: dict) -> list[tuple[str, str]]:
    """The keys that a change to a dependent concerns: its controller, or all that would adopt an orphan."""
    if controller_of(item):
        return keys_of_owner(kind, item)
    namespace, labels = item["metadata"]["namespace"], item["metadata"].get("labels")
    return [
        (namespace, owner["metadata"]["name"])
        for owner in objects.view(kind, namespace)
        if Selector.from_object(owner["spec"].get("selector")).matches(labels)
    ]


def claim(objects: Objects, kind: Kind, owner: dict, dependent: Kind) -> list[dict]:
    """A controller's dependents, after it adopted matching orphans and released what no longer matches."""
    selector = Selector.from_object(owner["spec"]["selector"])
    namespace = owner["metadata"]["namespace"]
    if not is_deleted(owner):
        items = objects.view(dependent, namespace)
        for item in _mismatched(items, selector, owner):
            _release(objects, dependent, deep_copy(item), owner)
        for item in _orphans(items, selector):
            _adopt(objects, kind, owner, dependent, deep_copy(item))
    items = objects.view(dependent, namespace)
    mine = (item for item in items if controlled_by(item, owner))
    return [shown(dependent, item) for item in mine if selector.matches(item["metadata"].get("labels"))]


def _mismatched(items: Iterable[dict], selector: Selector, owner: dict) -> list[dict]:
    return [
        item
        for item in items
        if controlled_by(item, owner) and not selector.matches(item["metadata"].get("labels"))
    ]


def _orphans(items: Iterable[dict], selector: Selector) -> list[dict]:
    return [
        item
        for item in items
        if selector.matches(item["metadata"].get("labels"))
        and not controller_of(item)
        and not is_deleted(item)
    ]


def _release(objects: Objects, kind: Kind, item: dict, owner: dict) -> None:
    references = item["metadata"]["ownerReferences"]
    item["metadata"]["ownerReferences"] = [
        owner_reference
        for owner_reference in references
        if owner_reference["uid"] != owner["metadata"]["uid"]
    ]
    objects.update(kind, item)


def _adopt(objects: Objects, kind: Kind, owner: dict, dependent: Kind, item: dict) -> None:
    item["metadata"].setdefault("ownerReferences", []).append(reference(kind, owner))
    objects.update(dependent, item)
