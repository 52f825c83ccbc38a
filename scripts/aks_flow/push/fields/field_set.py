"""FieldsV1: the fields of an object that one manager has, as a tree. Pure.

A step leads to a field, ``f:image``, or to a list's item: by its keys, ``k:{"name":"web"}``, by its value,
``v:"x"``, or by its place, ``i:0``. Where no step leads on, the whole value is the manager's.
https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
"""

import json
from collections.abc import Iterable, Iterator

FieldSet = dict[str, "FieldSet"]
Path = tuple[str, ...]

MISSING = object()  # where a step leads nowhere
_SELF = "."  # the step's own place is in the set, too


def steps(fields: FieldSet) -> list[str]:
    """What leads on."""
    return [step for step in fields if step != _SELF]


def union(one: FieldSet, other: FieldSet) -> FieldSet:
    """The fields of both."""
    shared = {step: _joined(one[step], other[step]) for step in one if step in other}
    return {**one, **other, **shared}


def _joined(one: FieldSet, other: FieldSet) -> FieldSet:
    if one and other:
        return union(one, other)
    rest = one or other
    return {_SELF: {}, **rest} if rest else {}


def without(fields: FieldSet, paths: Iterable[Path]) -> FieldSet:
    """Without these fields, and what only led to them."""
    for path in paths:
        fields = _without(fields, path)
    return fields


def _without(fields: FieldSet, path: Path) -> FieldSet:
    first, *rest = path
    if first not in fields:
        return fields
    others = {step: below for step, below in fields.items() if step != first}
    below = _without(fields[first], tuple(rest)) if rest else {}
    return {**others, first: below} if steps(below) else others


def only(fields: FieldSet, paths: Iterable[Path]) -> FieldSet:
    """Of these paths those that are in the set, with all that is below them."""
    kept: FieldSet = {}
    for path in paths:
        below = at(fields, path)
        if below is not None:
            for step in reversed(path):
                below = {step: below}
            kept = union(kept, below)
    return kept


def at(fields: FieldSet, path: Path) -> FieldSet | None:
    """What a path leads to; None if it leads out of the set."""
    for step in path:
        if step not in fields:
            return None
        fields = fields[step]
    return fields


def part(value: object, step: str) -> object:
    """What a step leads to in a value; MISSING if nowhere."""
    kind, _, text = step.partition(":")
    if kind == "f":
        return value.get(text, MISSING) if isinstance(value, dict) else MISSING
    index = place(value, step)
    return MISSING if index is None else value[index]


def place(items: object, step: str) -> int | None:
    """Where the item that a step leads to is in a list; None if it is not there."""
    kind, _, text = step.partition(":")
    wanted = json.loads(text)
    if not isinstance(items, list):
        return None
    if kind == "i":
        return wanted if wanted < len(items) else None
    return next((index for index, item in enumerate(items) if _is_item(kind, item, wanted)), None)


def _is_item(kind: str, item: object, wanted: object) -> bool:
    """A key that an item leaves out, such as a port's protocol, has its default."""
    if kind == "v":
        return item == wanted
    return isinstance(item, dict) and all(item.get(key, value) == value for key, value in wanted.items())


def extracted(value: object, fields: FieldSet) -> object:
    """Of a value what the fields say, in the value's own order."""
    leading = [step for step in steps(fields) if part(value, step) is not MISSING]
    if not steps(fields):
        return value
    if isinstance(value, list):
        leading.sort(key=lambda step: place(value, step))
        return [_item(part(value, step), step, fields[step]) for step in leading]
    return {step.partition(":")[2]: extracted(part(value, step), fields[step]) for step in leading}


def _item(value: object, step: str, fields: FieldSet) -> object:
    """A list's item, with the keys that it is told by in any case."""
    keys = json.loads(step.partition(":")[2]) if step.startswith("k:") and steps(fields) else {}
    own = extracted(value, fields)
    return {**keys, **own} if isinstance(own, dict) else own


def text(path: Path) -> str:
    """A path as the server writes it: ``.spec.containers[name="web"].image``."""
    return "".join(map(_step_text, path))


def texts(fields: FieldSet) -> list[str]:
    """The fields of a set as text, each without what is below it."""
    return [text(path) for path in _tops(fields)]


def _tops(fields: FieldSet, path: Path = ()) -> Iterator[Path]:
    for step in steps(fields):
        is_top = _SELF in fields[step] or not fields[step]
        yield from [(*path, step)] if is_top else _tops(fields[step], (*path, step))


def _step_text(step: str) -> str:
    kind, _, rest = step.partition(":")
    if kind == "f":
        return f".{rest}"
    if kind == "k":
        pairs = (f"{key}={json.dumps(value)}" for key, value in json.loads(rest).items())
        return f"[{','.join(pairs)}]"
    return f"[={rest}]" if kind == "v" else f"[{rest}]"
