"""The part of kubectl's JSONPath that printer columns use.

``.a.b``, ``['a.b']``, ``.a\\.b``, ``[0]``, ``[*]``, ``[?(@.type=="Ready")]``.
https://kubernetes.io/docs/reference/kubectl/jsonpath/
"""

import re
from collections.abc import Callable

_STEP = re.compile(
    r"""\.(?P<name>(?:\\.|[^.\[\\])+)
    |\[(?P<index>-?\d+)\]
    |\[(?P<all>\*)\]
    |\[['"](?P<key>[^'"]+)['"]\]
    |\[\?\(@\.(?P<left>[\w.]+)\s*(?P<operator>==|!=)\s*(?P<right>[^)]+)\)\]""",
    re.VERBOSE,
)


def parse(text: str) -> Callable[[object], list]:
    """A function that gives every value at the path; ValueError if the path is not understood."""
    steps, at = [], 0
    while at < len(text):
        match = _STEP.match(text, at)
        if not match:
            raise ValueError(f"{text!r} is not a path: {text[at:]!r}")
        steps.append({key: value for key, value in match.groupdict().items() if value is not None})
        at = match.end()

    def find(item: object) -> list:
        values = [item]
        for step in steps:
            values = [value for parent in values for value in _follow(step, parent) if value is not None]
        return values

    return find


def _follow(step: dict[str, str], value: object) -> list:
    if "all" in step:
        return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    if "index" in step:
        return _item(value, int(step["index"])) if isinstance(value, list) else []
    if "left" in step:
        return [element for element in value if _holds(step, element)] if isinstance(value, list) else []
    name = step.get("key") or re.sub(r"\\(.)", r"\1", step["name"])
    return [value.get(name)] if isinstance(value, dict) else []


def _item(values: list, index: int) -> list:
    return [values[index]] if -len(values) <= index < len(values) else []


def _holds(step: dict[str, str], item: object) -> bool:
    for name in step["left"].split("."):
        item = item.get(name) if isinstance(item, dict) else None
    operand = step["right"].strip().strip("\"'")
    shown = str(item).lower() if isinstance(item, bool) else str(item)
    return (shown == operand) == (step["operator"] == "==")
