"""Values as a Go program prints them."""

import json


def go_plain(value: object) -> str:
    """``%v``: ``map[a:1 b:[x y] c:<nil>]``, keys sorted."""
    if isinstance(value, dict):
        return f"map[{' '.join(f'{key}:{go_plain(entry)}' for key, entry in sorted(value.items()))}]"
    if isinstance(value, list):
        return f"[{' '.join(map(go_plain, value))}]"
    if value is None:
        return "<nil>"
    return str(value).lower() if isinstance(value, bool) else str(value)


def go_quote(text: str) -> str:
    """``%q``: like JSON, but what can be printed stays as it is."""
    return json.dumps(text, ensure_ascii=False)


def json_type(value: object) -> str:
    """The type of a JSON value as Go's decoder names it."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str | list | dict):
        return {str: "string", list: "array", dict: "object"}[type(value)]
    return "number" if isinstance(value, int) else f"number {json.dumps(value)}"


def reflect_kind(value: object) -> str:
    """The kind of a decoded value as Go's reflection names it."""
    names = {bool: "bool", str: "string", list: "slice", dict: "map", int: "int64", float: "float64"}
    return names[type(value)]
