"""Strategic merge patch: merge keys decide which list items belong together; directives do the rest.

https://github.com/kubernetes/community/blob/master/contributors/devel/sig-api-machinery/strategic-merge-patch.md
"""

from copy import deepcopy

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request
from aks_flow.rehearsal.standins.kubernetes.patch import ordering
from aks_flow.rehearsal.standins.kubernetes.schema import models
from aks_flow.rehearsal.standins.kubernetes.schema.models import ModelField

_PATCH, _RETAIN = "$patch", "$retainKeys"
_ORDER, _DELETE = "$setElementOrder/", "$deleteFromPrimitiveList/"


def apply(model: str | None, current: dict, patch: dict) -> dict:
    """A patched copy. model: the name of the object's model, None if its fields are unknown."""
    return _merge_map(model, deepcopy(current), deepcopy(patch))


def _merge_map(model: str | None, current: dict, patch: dict) -> dict:
    directive = patch.pop(_PATCH, "merge")
    if directive == "delete":
        return {}
    if directive == "replace":
        return _without_directives(patch)
    if directive != "merge":
        raise bad_request(f"Unknown patch type found: {directive}")
    _retain(current, patch)
    fields = models.fields(model) if model else {}
    for key in [key for key in patch if not key.startswith("$")]:
        _merge_key(fields.get(key), current, key, patch)
    for key, value in patch.items():
        _apply_list_directive(fields, current, key, value)
    return current


def _retain(current: dict, patch: dict) -> None:
    kept = patch.pop(_RETAIN, None)
    if kept is not None:
        for key in set(current) - set(kept):
            del current[key]


def _merge_key(field: ModelField | None, current: dict, key: str, patch: dict) -> None:
    value, existing = patch[key], current.get(key)
    if value is None:
        current.pop(key, None)
    elif isinstance(value, dict) and isinstance(existing, dict) and not _replaces(field):
        current[key] = _merge_map(_model_of(field), existing, value)
    elif isinstance(value, list) and isinstance(existing, list) and _merges(field):
        merged = _merge_list(field, existing, value)
        current[key] = ordering.arrange(merged, existing, patch.get(_ORDER + key), field.merge_key)
    else:
        current[key] = _without_directives(value)


def _apply_list_directive(fields: dict[str, ModelField], current: dict, key: str, value: list) -> None:
    """Orders and deletions that come without a list beside them, too."""
    directive, _, name = key.partition("/")
    items = current.get(name)
    if not name or not isinstance(items, list):
        return
    if f"{directive}/" == _DELETE:
        current[name] = [item for item in items if item not in value]
    elif f"{directive}/" == _ORDER and name in fields:
        current[name] = ordering.arrange(items, items, value, fields[name].merge_key)


def _merge_list(field: ModelField, existing: list, patch: list) -> list:
    if not field.merge_key:
        return existing + [item for item in patch if item not in existing]
    if not all(isinstance(item, dict) for item in patch):
        raise bad_request(f"expected a list of objects with the merge key {field.merge_key}")
    if any(item.get(_PATCH) == "replace" for item in patch):
        return [_without_directives(item) for item in patch if set(item) != {_PATCH}]
    merged = list(existing)
    for item in patch:
        _merge_item(field, merged, item)
    return merged


def _merge_item(field: ModelField, items: list, patch: dict) -> None:
    key = field.merge_key
    if key not in patch:
        raise bad_request(f"map: {patch} does not contain declared merge key: {key}")
    at = next((i for i, item in enumerate(items) if item.get(key) == patch[key]), None)
    if patch.get(_PATCH) == "delete":
        items[:] = [item for item in items if item.get(key) != patch[key]]
    elif at is None:
        items.append(_without_directives(patch))
    else:
        items[at] = _merge_map(_model_of(field), items[at], patch)


def _merges(field: ModelField | None) -> bool:
    return field is not None and "merge" in field.strategy


def _replaces(field: ModelField | None) -> bool:
    return field is not None and field.strategy == "replace"


def _model_of(field: ModelField | None) -> str | None:
    return field.type if field and field.is_model and field.container != "map[string]" else None


def _without_directives(value: object) -> object:
    """What a patch adds where nothing was: nulls and directives have nothing to act on."""
    if isinstance(value, list):
        kept = (item for item in value if not (isinstance(item, dict) and item.get(_PATCH) == "delete"))
        return [_without_directives(item) for item in kept]
    if not isinstance(value, dict):
        return value
    return {k: _without_directives(v) for k, v in value.items() if v is not None and not k.startswith("$")}
