"""What has to hold for a write: its namespace, what the caller saw of the object, limit ranges and quotas."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.admission import limit_ranges, quotas
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause, conflict, forbidden, not_found
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind, Kinds
from aks_flow.rehearsal.standins.kubernetes.store import ObjectStore
from aks_flow.rehearsal.standins.kubernetes.validation import storage

# What a change can make more of: all else, pods too, is counted when it is created.
_COUNTED_AGAIN = (kinds.PERSISTENT_VOLUME_CLAIM, kinds.SERVICE)


def check_namespace(store: ObjectStore, kind: Kind, metadata: dict) -> None:
    """Refuse a new object in a namespace that is not there (404) or ending (403)."""
    if not kind.namespaced:
        metadata.pop("namespace", None)
        return
    name = metadata.get("namespace", "")
    namespace = store.get(kinds.NAMESPACE.resource, "", name)
    if namespace is None:
        raise not_found(kinds.NAMESPACE, name)
    if "deletionTimestamp" in namespace["metadata"]:
        why = f"unable to create new content in namespace {name} because it is being terminated"
        cause = Cause("metadata.namespace", "NamespaceTerminating", f"namespace {name} is being terminated")
        raise forbidden(kind, metadata.get("name", ""), why, [cause])


def check_preconditions(kind: Kind, item: dict, uid: str | None, revision: str | None) -> None:
    """Refuse (409) if the object is not the one, or not in the state, that is meant; "0" means any."""
    metadata = item["metadata"]
    if uid and uid != metadata["uid"]:
        why = f"Precondition failed: UID in precondition: {uid}, UID in object meta: {metadata['uid']}"
        raise conflict(kind, metadata["name"], why)
    if revision and revision not in ("0", metadata["resourceVersion"]):
        raise conflict(kind, metadata["name"])


def check_resize(store: ObjectStore, old: dict, new: dict) -> None:
    """Refuse (403) a larger claim unless it is bound and its storage class says that it can grow."""
    if storage.requested_bytes(new) <= storage.requested_bytes(old):
        return
    kind, name = kinds.PERSISTENT_VOLUME_CLAIM, new["metadata"]["name"]
    if (old.get("status") or {}).get("phase") != "Bound":
        raise forbidden(kind, name, "Only bound persistent volume claims can be expanded")
    storage_class = store.get(kinds.STORAGE_CLASS.resource, "", old["spec"].get("storageClassName") or "")
    if not (storage_class or {}).get("allowVolumeExpansion"):
        why = "only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc"
        raise forbidden(kind, name, f"{why} must support resize")


def check_limit_ranges(store: ObjectStore, kind: Kind, old: dict | None, new: dict) -> None:
    """Refuse (403) a new pod, or a claim, that is not within what a LimitRange of the namespace admits."""
    if kind not in (kinds.POD, kinds.PERSISTENT_VOLUME_CLAIM):
        return
    if old is not None and (kind == kinds.POD or "deletionTimestamp" in old["metadata"]):
        return
    for limit_range in store.list(kinds.LIMIT_RANGE.resource, new["metadata"]["namespace"]):
        if why := limit_ranges.refusal(limit_range, kind, new):
            raise forbidden(kind, new["metadata"]["name"], why)


def check_quotas(store: ObjectStore, registry: Kinds, kind: Kind, old: dict | None, new: dict) -> None:
    """Refuse (403) what a ResourceQuota of the namespace has no room for; old: the object before, if any."""
    if old is not None and kind not in _COUNTED_AGAIN:
        return
    namespace = new["metadata"].get("namespace", "")
    for quota in store.list(kinds.RESOURCE_QUOTA.resource, namespace) if namespace else ():
        before = quotas.used(quota, quota_items(store, registry, namespace, quota))
        if why := quotas.refusal(quota, before, kind, old, new):
            raise forbidden(kind, new["metadata"]["name"], why)


def quota_items(
    store: ObjectStore, registry: Kinds, namespace: str, quota: dict
) -> Iterator[tuple[Kind, dict]]:
    """The namespace's objects that a quota may count, once for all the versions that a kind has."""
    by_resource = {kind.resource: kind for kind in registry if quotas.concerns(quota, kind)}
    for resource, kind in by_resource.items():
        yield from ((kind, item) for item in store.list(resource, namespace))
