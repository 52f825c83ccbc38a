"""An update, as a function of the old and the new object: which parts change, and what that counts as."""

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

_KEPT = ("uid", "creationTimestamp", "generation", "deletionTimestamp", "deletionGracePeriodSeconds")


def merge(kind: Kind, old: dict, new: dict, subresource: str | None) -> dict:
    """The object to write: what the caller may set from ``new``, all else from ``old``."""
    if subresource == "status":
        return _with_revision(kind, _with_part(old, new, "status"), new)
    if subresource == "finalize":
        return _with_part(old, new, "spec")
    item = new | {"kind": kind.kind, "apiVersion": kind.api_version}
    item["metadata"] = new["metadata"] | _kept(old["metadata"])
    for field in _KEPT:
        if field not in old["metadata"]:
            item["metadata"].pop(field, None)
    if "status" in kind.subresources:
        item = _with_part(item, old, "status")
    return _with_part(item, old, "spec") if kind == kinds.NAMESPACE else item


def count(kind: Kind, old: dict, new: dict) -> None:
    """Increase metadata.generation if what its kind counts has changed."""
    if "generation" in old["metadata"] and _counted(kind, old) != _counted(kind, new):
        new["metadata"]["generation"] += 1


def is_same(old: dict, new: dict) -> bool:
    """Whether nothing changed but the version, and the times at which managers wrote."""
    return _timeless(old) == _timeless(new)


def _with_revision(kind: Kind, item: dict, new: dict) -> dict:
    """A Deployment's status carries its annotations along: its controller numbers revisions in one."""
    if kind != kinds.DEPLOYMENT:
        return item
    metadata = _with_part(item["metadata"], new["metadata"], "annotations")
    return item | {"metadata": metadata}


def _with_part(item: dict, other: dict, part: str) -> dict:
    rest = {key: value for key, value in item.items() if key != part}
    return rest | ({part: other[part]} if part in other else {})


def _kept(metadata: dict) -> dict:
    return {field: metadata[field] for field in (*_KEPT, "name", "resourceVersion") if field in metadata}


def _counted(kind: Kind, item: dict) -> object:
    if kind.is_custom:
        uncounted = {"metadata", "status"} if "status" in kind.subresources else {"metadata"}
        return {key: value for key, value in item.items() if key not in uncounted}
    counted = [{key: value for key, value in item.items() if key not in ("metadata", "status")}]
    if kind.generation == "spec+annotations":
        counted.append(item["metadata"].get("annotations"))
    return counted


def _timeless(item: dict) -> dict:
    metadata = {key: value for key, value in item["metadata"].items() if key != "resourceVersion"}
    if entries := metadata.get("managedFields"):
        metadata["managedFields"] = [entry | {"time": ""} for entry in entries]
    return item | {"metadata": metadata}
