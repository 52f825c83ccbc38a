"""What an object would be if its manifest were applied: kubectl's three-way merge. Pure.

The manifest's fields win; fields that an earlier manifest had and this one has not go; others stay.
"""

import json
from copy import deepcopy

from aks_flow.rehearsal.standins.argocd import names, object_refs
from aks_flow.rehearsal.standins.kubernetes import defaults
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.schema import models
from aks_flow.rehearsal.standins.kubernetes.schema.models import ModelField

_BUILTIN = kinds.builtin()
_SERVERS = ("resourceVersion", "uid", "creationTimestamp", "generation", "managedFields", "selfLink")


def differs(target: dict, live: dict) -> bool:
    """Whether applying ``target`` would change ``live``."""
    return comparable(predicted(target, live)) != comparable(completed(live))


def predicted(target: dict, live: dict) -> dict:
    """``live`` after ``target`` was applied."""
    earlier = json.loads(object_refs.annotation(live, names.LAST_APPLIED) or "{}")
    model = models.name_of(target["apiVersion"], target["kind"])
    return completed(_map(model, earlier, target, live))


def completed(item: dict) -> dict:
    """A copy with the server's defaults filled in and every value in the server's form."""
    result = deepcopy(item)
    if kind := _BUILTIN.by_kind(item["apiVersion"], item["kind"]):
        defaults.apply(kind, result)
    return result


def comparable(item: dict) -> dict:
    """Without status, and without what the server and kubectl keep for themselves."""
    kept = {key: value for key, value in item.items() if key != "status"}
    metadata = {key: value for key, value in item["metadata"].items() if key not in _SERVERS}
    annotations = metadata.pop("annotations", None) or {}
    metadata["annotations"] = {key: value for key, value in annotations.items() if key != names.LAST_APPLIED}
    return kept | {"metadata": metadata}


def _map(model: str | None, earlier: dict, target: dict, live: dict, retain: bool = False) -> dict:
    """retain: fields that the manifest does not name go, whoever set them."""
    fields = models.fields(model) if model else {}
    gone = (live.keys() if retain else earlier.keys()) - target.keys()
    result = {key: value for key, value in live.items() if key not in gone}
    for key, value in target.items():
        result[key] = _value(fields.get(key), earlier.get(key), value, live.get(key))
    return result


def _value(field: ModelField | None, earlier: object, target: object, live: object) -> object:
    strategy = field.strategy if field else ""
    if isinstance(target, dict) and isinstance(live, dict) and strategy != "replace":
        model = field.type if field and field.is_model and not field.container else None
        return _map(model, _of_type_or_empty(dict, earlier), target, live, "retainKeys" in strategy)
    if isinstance(target, list) and isinstance(live, list) and "merge" in strategy:
        merge = _keyed if field.merge_key else _scalars
        return merge(field, _of_type_or_empty(list, earlier), target, live)
    return target


def _scalars(field: ModelField, earlier: list, target: list, live: list) -> list:
    gone = [value for value in earlier if value not in target]
    return [value for value in live if value not in gone] + [value for value in target if value not in live]


def _keyed(field: ModelField, earlier: list, target: list, live: list) -> list:
    """Items that belong together by their key are merged; the manifest's order counts among its own."""
    earlier_by_key, target_by_key, live_by_key = (_by_key(field, items) for items in (earlier, target, live))
    merged = {
        key: _map(
            field.type,
            earlier_by_key.get(key, {}),
            item,
            live_by_key.get(key, {}),
            "retainKeys" in field.strategy,
        )
        for key, item in target_by_key.items()
    }
    kept = {
        key: item for key, item in live_by_key.items() if key in target_by_key or key not in earlier_by_key
    }
    if [key for key in kept if key in target_by_key] == list(target_by_key):
        return [merged.get(key, item) for key, item in kept.items()]
    return [*merged.values(), *(item for key, item in kept.items() if key not in target_by_key)]


def _by_key(field: ModelField, items: list) -> dict:
    """A port is told from another by its protocol, too."""
    return {(item.get(field.merge_key), item.get("protocol", "TCP")): item for item in items}


def _of_type_or_empty(required_type: type, value: object) -> object:
    return value if isinstance(value, required_type) else required_type()
