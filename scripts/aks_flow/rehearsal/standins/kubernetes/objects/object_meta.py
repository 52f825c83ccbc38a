"""The metadata that every object has: what is filled in, what is refused."""

import re
import uuid

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.objects import names, times
from aks_flow.rehearsal.standins.kubernetes.objects.status import Cause

_MOST_BYTES = 256 * 1024  # of annotations


def now() -> str:
    """This second, RFC 3339 in UTC."""
    return times.stamp(times.now())


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
    metadata |= {"uid": str(uuid.uuid4()), "creationTimestamp": now()}
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
        return [_required("metadata.name", "name or generateName is required")]
    causes = [_invalid("metadata.name", name, text) for text in names.name_faults(kind, name)]
    for key, value in (metadata.get("labels") or {}).items():
        causes += _label_faults(key, value)
    for key in metadata.get("annotations") or {}:
        causes += _key_faults("metadata.annotations", key)
    causes += _size_faults(metadata.get("annotations") or {})
    return causes + _owner_faults(metadata.get("ownerReferences") or [])


def immutable_faults(old: dict, new: dict) -> list[Cause]:
    """Metadata that an update may leave out but not change."""
    causes = []
    for field in ("name", "namespace", "uid", "creationTimestamp"):
        given = new.get(field)
        if field == "creationTimestamp" and isinstance(given, str):
            given = times.canonical(given)
        if given not in (None, old.get(field)):
            causes.append(_invalid(f"metadata.{field}", new[field], "field is immutable"))
    return causes


def _size_faults(annotations: dict) -> list[Cause]:
    """All of an object's together: what kubectl notes of an object that it applies counts, too."""
    if sum(len(f"{key}{value}".encode()) for key, value in annotations.items()) <= _MOST_BYTES:
        return []
    text = f"Too long: may not be more than {_MOST_BYTES} bytes"
    return [Cause("metadata.annotations", "FieldValueTooLong", text)]


def _label_faults(key: str, value: str) -> list[Cause]:
    causes = _key_faults("metadata.labels", key)
    if len(value) > 63:
        causes.append(
            Cause("metadata.labels", "FieldValueTooLong", "Too long: may not be more than 63 bytes")
        )
    if not re.fullmatch(names.LABEL_VALUE, value):
        causes.append(_invalid("metadata.labels", value, names.LABEL_VALUE_RULE))
    return causes


def _key_faults(field: str, key: str) -> list[Cause]:
    prefix, slash, name = key.rpartition("/")
    if re.fullmatch(names.QUALIFIED, name) and len(name) <= 63:
        if not slash or re.fullmatch(names.SUBDOMAIN, prefix.lower()):
            return []
        return [_invalid(field, key, f"prefix part {names.SUBDOMAIN_RULE[2]}")]
    return [_invalid(field, key, names.QUALIFIED_RULE)]


def _owner_faults(owners: list[dict]) -> list[Cause]:
    causes = []
    for index, owner in enumerate(owners):
        for field in ("apiVersion", "kind", "name", "uid"):
            if not owner.get(field):
                causes.append(_required(f"metadata.ownerReferences[{index}].{field}", "must not be empty"))
    return causes


def _invalid(field: str, value: str, text: str) -> Cause:
    return Cause(field, "FieldValueInvalid", f'Invalid value: "{value}": {text}')


def _required(field: str, text: str) -> Cause:
    return Cause(field, "FieldValueRequired", f"Required value: {text}")
