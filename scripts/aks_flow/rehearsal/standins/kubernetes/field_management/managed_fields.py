"""managedFields of every write: whoever creates or updates an object owns the fields that it set."""

from aks_flow.rehearsal.standins.kubernetes import field_management
from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.field_management import Author, Entries
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

# Writes that no manager answers for, as on a standard cluster.
_UNSIGNED = ("binding", "finalize")
_BEFORE = "before-first-apply"


def created(kind: Kind, item: dict, manager: str) -> Entries:
    return field_management.updated(
        kind, None, item, {}, Author(manager, kind.api_version), times.stamp(times.now())
    )


def updated(kind: Kind, old: dict, new: dict, manager: str, subresource: str) -> Entries:
    """The entries after an update; managedFields that the client sends are taken as they are."""
    given, known = new["metadata"].get("managedFields"), entries(old["metadata"])
    if field_management.is_reset(given):
        return {}
    if given and given != old["metadata"].get("managedFields"):
        known = entries(new["metadata"]) or known
    # What nobody owns from the start is not followed: managedFields were taken away on purpose.
    if subresource in _UNSIGNED or not known:
        return known
    return field_management.updated(
        kind, old, new, known, Author(manager, kind.api_version, subresource), times.stamp(times.now())
    )


def before_apply(kind: Kind, live: dict) -> Entries:
    """The entries of an object before it is applied to: fields without any owner get one."""
    if not live:
        return {}
    author = Author(_BEFORE, kind.api_version)
    return entries(live["metadata"]) or field_management.updated(
        kind, None, live, {}, author, times.stamp(times.now())
    )


def entries(metadata: dict) -> Entries:
    """The entries of an object's managedFields; malformed ones count as none, as on a standard server."""
    try:
        return field_management.read(metadata)
    except (ValueError, TypeError, AttributeError):
        return {}


def put(metadata: dict, entries: Entries) -> None:
    metadata.pop("managedFields", None)
    if entries:
        metadata["managedFields"] = field_management.write(entries)
