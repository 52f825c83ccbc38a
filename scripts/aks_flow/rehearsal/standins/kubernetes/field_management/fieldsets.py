"""Sets of fields: paths such as ("f:spec", "f:ports", 'k:{"port":80}'). FieldsV1 is their JSON form.

https://kubernetes.io/docs/reference/using-api/server-side-apply/#field-management
"""

import json
from collections.abc import Iterable, Iterator

Path = tuple[str, ...]
Paths = frozenset[Path]

NONE: Paths = frozenset()
_SELF = "."


def encode(paths: Iterable[Path]) -> dict:
    """FieldsV1: a field in the set is ``{}`` or, if others lie below it, holds ``".": {}``."""
    root: dict = {}
    for path in sorted(paths):
        node = root
        for step in path:
            node = node.setdefault(step, {})
        node[_SELF] = {}
    return _plain(root)


def decode(fields: dict) -> Paths:
    """The set behind FieldsV1. ValueError or TypeError if it is none."""
    return frozenset(_paths(fields, ()))


def below(path: Path, prefix: Path) -> bool:
    """Whether a path is a prefix's, or lies below it."""
    return path[: len(prefix)] == prefix


def with_parents(paths: Iterable[Path]) -> Paths:
    """The set with every named field on the way to one of its fields."""
    return frozenset(
        path[:length]
        for path in paths
        for length in range(1, len(path) + 1)
        if length == len(path) or path[length - 1].startswith("f:")
    )


def in_order(paths: Iterable[Path]) -> Iterator[Path]:
    """As a standard server lists them: at each level first the fields themselves, then what lies below."""
    yield from _ordered(encode(paths), ())


def text(path: Path) -> str:
    """``.spec.containers[name="web"].image``: how messages name a field."""
    return "".join(_step(step) for step in path)


def _plain(node: dict) -> dict:
    return {step: {} if below == {_SELF: {}} else _plain(below) for step, below in node.items()}


def _paths(fields: dict, prefix: Path) -> Iterator[Path]:
    for step, under in fields.items():
        if step == _SELF:
            yield prefix
        elif under:
            yield from _paths(under, (*prefix, _canonical(step)))
        else:
            yield (*prefix, _canonical(step))


def _canonical(step: str) -> str:
    kind, mark, rest = step.partition(":")
    if not mark or kind not in "fkvi":
        raise ValueError(f"not a field's name: {step!r}")
    if kind == "f":
        return step
    return f"{kind}:{json.dumps(json.loads(rest), separators=(',', ':'), sort_keys=True, ensure_ascii=False)}"


def _ordered(fields: dict, prefix: Path) -> Iterator[Path]:
    for step, under in fields.items():
        if step != _SELF and (not under or _SELF in under):
            yield (*prefix, step)
    for step, under in fields.items():
        if step != _SELF:
            yield from _ordered(under, (*prefix, step))


def _step(step: str) -> str:
    kind, _, rest = step.partition(":")
    if kind == "f":
        return f".{rest}"
    if kind == "k":
        return "[" + ",".join(f"{key}={json.dumps(value)}" for key, value in json.loads(rest).items()) + "]"
    return f"[={rest}]" if kind == "v" else f"[{rest}]"
