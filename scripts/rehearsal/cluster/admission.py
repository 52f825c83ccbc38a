"""What has to hold before an object is looked at closely: its namespace, and what the caller saw of it."""

from scripts.rehearsal.cluster import kinds
from scripts.rehearsal.cluster.kinds import Kind
from scripts.rehearsal.cluster.status import Cause, conflict, forbidden, not_found
from scripts.rehearsal.cluster.store import Store


def check_namespace(store: Store, kind: Kind, metadata: dict) -> None:
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
