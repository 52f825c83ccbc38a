"""The metadata that every object has: what is filled in, what is refused."""

import uuid

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar, times
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.objects import names
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import invalid, required, too_long

_LONGEST_VALUE = 63  # characters
_FINALIZERS = ("foregroundDeletion", "kubernetes", "orphan")


def begin(kind: Kind, metadata: dict) -> None:
    """What the server alone decides about a new object's metadata."""
    for field in (
        "resourceVersion",
        "deletionTimestamp",
        "deletionGracePeriodSeconds",
        "selfLink",
        "generation",
    ):
        metadata.pop(field, None)
    metadata |= {"uid": str(uuid.uuid4()), "creationTimestamp": times.stamp(times.now())}
    if kind.generation or kind.is_custom:
        metadata["generation"] = 1


def tidy(metadata: dict) -> None:
    """Take nulls out in place: an absent field, or an empty value in labels and annotations."""
    for field in [field for field, value in metadata.items() if value is None]:
        del metadata[field]
    for field in ("labels", "annotations"):
        if field in metadata:
            metadata[field] = {key: "" if value is None else value for key, value in metadata[field].items()}


def faults(kind: Kind, metadata: dict) -> list[Cause]:
    """What is wrong with the name, labels, annotations and owners."""
    name = metadata.get("name", "")
    if not name:
        return [required("metadata.name", "name or generateName is required")]
    causes = [invalid("metadata.name", name, text) for text in names.name_faults(kind, name)]
    for key, value in (metadata.get("labels") or {}).items():
        causes += _label_faults(key, value)
    causes += checks.annotations("metadata.annotations", metadata.get("annotations") or {})
    causes += _finalizer_faults(kind, metadata.get("finalizers") or [])
    return causes + _owner_faults(metadata.get("ownerReferences") or [])


def immutable_faults(old: dict, new: dict) -> list[Cause]:
    """Metadata that an update may leave out but not change."""
    causes = []
    for field in ("name", "namespace", "uid", "creationTimestamp"):
        given = new.get(field)
        if field == "creationTimestamp" and isinstance(given, str):
            given = times.canonical(given)
        if given not in (None, old.get(field)):
            causes.append(invalid(f"metadata.{field}", new[field], "field is immutable"))
    return causes


def _label_faults(key: str, value: str) -> list[Cause]:
    causes = [*checks.matches("metadata.labels", key, grammar.qualified_name)]
    if len(value) > _LONGEST_VALUE:
        return [*causes, too_long("metadata.labels", _LONGEST_VALUE)]
    return [*causes, *checks.matches("metadata.labels", value, grammar.label_value)]


def _finalizer_faults(kind: Kind, finalizers: list[str]) -> list[Cause]:
    """Whoever finishes an object of a built-in kind has a domain in the name."""
    causes = []
    for index, name in enumerate(name or "" for name in finalizers):
        causes += checks.matches("metadata.finalizers", name, grammar.qualified_name)
        if not kind.is_custom and "/" not in name and name not in _FINALIZERS:
            text = "name is neither a standard finalizer name nor is it fully qualified"
            causes.append(invalid(f"metadata.finalizers[{index}]", name, text))
    return causes


def _owner_faults(owners: list[dict]) -> list[Cause]:
    causes = []
    for index, owner in enumerate(owners):
        for field in ("apiVersion", "kind", "name", "uid"):
            if not owner.get(field):
                causes.append(required(f"metadata.ownerReferences[{index}].{field}", "must not be empty"))
    return causes
