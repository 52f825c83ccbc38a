"""The shape of a JSON body: its fields and their types, without their values."""

import re
from collections.abc import Iterator

_NAMES = {bool: "boolean", int: "number", float: "number", str: "string", type(None): "null"}
# Whose fields are owned by whom depends on what happened before.
_OPAQUE = frozenset({"fieldsV1"})
# Counts that are left out while they are zero, and what one distribution adds.
_MOMENTARY = re.compile(r"\.status\.\w*[rR]eplicas$|openshift")


def shape(value):
    """An object's shape by field, a list's as that of its items together, a scalar's type."""
    if isinstance(value, dict):
        return {key: {} if key in _OPAQUE else shape(each) for key, each in value.items()}
    if isinstance(value, list):
        return [together(map(shape, value))] if value else []
    return _NAMES[type(value)]


def together(shapes):
    """One shape that has every field of several."""
    found = "null"
    for each in shapes:
        found = _both(found, each)
    return found


def _both(one, two):
    if isinstance(one, dict) and isinstance(two, dict):
        return {key: _both(one.get(key, "null"), two.get(key, "null")) for key in {**one, **two}}
    if isinstance(one, list) and isinstance(two, list):
        return [_both(one[0], two[0])] if one and two else one or two
    return two if one == "null" else one


def lacking(recorded, live, path: str = "") -> Iterator[str]:
    """What a recorded shape has and a live one has not, or has with another type. null fits anything."""
    if "null" in (recorded, live):
        return
    if isinstance(recorded, dict) and isinstance(live, dict):
        for key, each in recorded.items():
            if key in live:
                yield from lacking(each, live[key], f"{path}.{key}")
            elif each != "null" and not _MOMENTARY.search(f"{path}.{key}"):
                yield f"{path}.{key}"
    elif isinstance(recorded, list) and isinstance(live, list):
        if recorded and live:
            yield from lacking(recorded[0], live[0], f"{path}[]")
    elif type(recorded) is not type(live) or recorded != live:
        yield f"{path}: {type(live).__name__ if not isinstance(live, str) else live}"
