"""What a delivery applied last to an object: the server knows that by its fields' owner. Pure.

Objects that kubectl applied from its own side have it in a note on themselves. The server's own way of
writing a value is no difference.
"""

import base64
import json
import re
from decimal import Decimal

from aks_flow.push.fields import field_set
from aks_flow.push.fields.field_set import MISSING, FieldSet, part, steps
from aks_flow.push.fields.managers import deliverer
from aks_flow.tools.kubectl.apply import LAST_APPLIED

_OF_THE_SERVER = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "selfLink", "uid")
_QUANTITY = re.compile(r"([+-]?[0-9]+(?:\.[0-9]*)?)(n|u|m|k|Ki|Mi|Gi|Ti|Pi|Ei|M|G|T|P|E|)")
_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
_BINARY = ("Ki", "Mi", "Gi", "Ti", "Pi", "Ei")


def applied(live: dict) -> dict | None:
    """What was applied last, as a manifest; None if nothing was."""
    ours = deliverer(live)
    if ours is None:
        note = _note(live)
        return json.loads(note) if note else None
    own = field_set.extracted(live, ours.fields) if ours.fields else {}
    named = {key: live["metadata"][key] for key in ("name", "namespace") if key in live["metadata"]}
    about = {"apiVersion": live["apiVersion"], "kind": live["kind"]}
    return {**own, **about, "metadata": {**own.get("metadata", {}), **named}}


def configuration(live: dict) -> dict:
    """What makes an object as it is: as it was applied last, or all but what is the server's own."""
    last = applied(live)
    if last is not None:
        return last
    metadata = {key: value for key, value in live["metadata"].items() if key not in _OF_THE_SERVER}
    return {key: value for key, value in live.items() if key != "status"} | {"metadata": metadata}


def is_applied(item: dict, live: dict | None, *path: str) -> bool:
    """Whether what was applied last to ``live``, None for no object, is just ``item``.

    path: the names of the fields that lead to a part of it, to compare that alone.
    """
    ours = deliverer(live) if live else None
    if ours is None:
        if live and not path and not _note(live) and _without_names(item) == {"metadata": {}}:
            return True  # a bare Namespace or ServiceAccount: nobody owns anything of it, whoever applied it
        return _at(_plain(json.loads(_note(live or {}) or "{}")), path) == _at(_plain(item), path)
    fields = field_set.at(ours.fields, tuple(f"f:{name}" for name in path))
    if fields is None:
        return not _at(item, path)
    if path:
        return is_exactly(_at(item, path), _at(live, path), fields)
    return is_exactly(_without_names(item), live, _of_content(fields)) and _keeps_texts(item, live)


def _note(live: dict) -> str:
    return (live.get("metadata", {}).get("annotations") or {}).get(LAST_APPLIED, "")


def _plain(item: dict) -> dict:
    """Without what kubectl adds to its note: the namespace, and annotations even where there are none."""
    metadata = {key: value for key, value in item.get("metadata", {}).items() if key != "namespace"}
    metadata["annotations"] = metadata.get("annotations") or {}
    return json.loads(json.dumps({**item, "metadata": metadata}, default=str))


def _at(item: object, path: tuple[str, ...]) -> object:
    for name in path:
        item = item.get(name) if isinstance(item, dict) else None
    return item


def _without_names(item: dict) -> dict:
    """Without what has no owner, and without a Secret's texts, which the server keeps as data."""
    metadata = {key: value for key, value in item["metadata"].items() if key not in ("name", "namespace")}
    rest = {
        key: value for key, value in item.items() if key not in ("apiVersion", "kind", "stringData", "status")
    }
    return {**rest, "metadata": metadata}


def _of_content(fields: field_set.FieldSet) -> field_set.FieldSet:
    return {step: below for step, below in fields.items() if step not in ("f:stringData", "f:status")}


def _keeps_texts(item: dict, live: dict) -> bool:
    texts = item.get("stringData") or {}
    data = {key: base64.b64encode(str(text).encode()).decode() for key, text in texts.items()}
    return agrees(data, live.get("data") or {})


def is_exactly(wanted: object, live: object, fields: FieldSet) -> bool:
    """Whether the fields are just those that are wanted, with these values.

    Where the server knows a value as a whole only, it may have filled in defaults.
    """
    leading = steps(fields)
    if not leading or live is MISSING:
        return agrees(wanted, live)
    if isinstance(wanted, dict):
        own = {step for step in leading if not is_empty(part(live, step))}
        names = {f"f:{name}": value for name, value in wanted.items() if not is_empty(value)}
        return names.keys() == own and all(
            is_exactly(value, part(live, step), fields[step]) for step, value in names.items()
        )
    items = [(part(wanted, step), part(live, step), fields[step]) for step in leading]
    is_full = isinstance(wanted, list) and len(wanted) == len(leading)
    return is_full and all(item is not MISSING and is_exactly(item, *rest) for item, *rest in items)


def agrees(wanted: object, live: object) -> bool:
    """Whether a live value has all that is wanted."""
    if isinstance(wanted, dict) and isinstance(live, dict):
        filled = {name: value for name, value in wanted.items() if value is not None}
        return all(agrees(value, live.get(name, MISSING)) for name, value in filled.items())
    if isinstance(wanted, list) and isinstance(live, list):
        return len(wanted) == len(live) and all(map(agrees, wanted, live))
    return (live is MISSING and is_empty(wanted)) or is_same(wanted, live)


def is_empty(value: object) -> bool:
    """An empty list or map has no owner."""
    return value is None or value in ({}, [])


def is_same(wanted: object, live: object) -> bool:
    """Whether two values mean the same: equal, or the same quantity."""
    if wanted == live:
        return True
    amounts = _amount(wanted), _amount(live)
    return None not in amounts and amounts[0] == amounts[1]


def _amount(value: object) -> Decimal | None:
    """A quantity's: 0.5 is 500m, and 1024Mi is 1Gi. None if it is none."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    parts = _QUANTITY.fullmatch(str(value))
    if parts is None:
        return None
    number, unit = Decimal(parts[1]), parts[2]
    scale = Decimal(1024) ** (_BINARY.index(unit) + 1) if unit in _BINARY else Decimal(10) ** _DECIMAL[unit]
    return number * scale
