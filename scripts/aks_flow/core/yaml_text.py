"""YAML that others wrote, loaded: values or a sentence, in bounded time and memory.

What PyYAML lets through by itself: thousands of brackets end the process (its composer in C calls itself), a
13th month is a ValueError, and ten lines of aliases stand for more values than there is memory.
"""

import re
from collections.abc import Callable, Iterator
from itertools import accumulate
from typing import Any

import yaml

from aks_flow.core.errors import AksFlowError
from aks_flow.core.printable import shortened
from aks_flow.core.reading import UNREADABLE

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DEEPEST = 100  # levels: Kubernetes' largest schemas have some 30
MOST = 1_000_000  # values, those behind aliases counted wherever they stand
_BEGINNING = re.compile(r"^[ \t?:-]*", re.MULTILINE)
_BRACKET = re.compile(r"[\[\]{}]")
_OPENING = (yaml.SequenceStartEvent, yaml.MappingStartEvent)
_CLOSING = (yaml.SequenceEndEvent, yaml.MappingEndEvent)


class NotYaml(AksFlowError, yaml.YAMLError):
    """problem and problem_mark: as PyYAML's own errors have them; None where it has no place."""

    def __init__(self, error: Exception, where: str):
        self.problem = getattr(error, "problem", None) or str(error)
        self.problem_mark = getattr(error, "problem_mark", None)
        line = f"line {self.problem_mark.line + 1}: " if self.problem_mark else ""
        what = f"this is not YAML ({line}{shortened(self.problem)})"
        super().__init__(what, where=where, next_step="Correct it; then run the same command again.")


def load(text: str | bytes, where: str = "") -> Any:
    """The one document of a text, None of an empty one; NotYaml for what is none. where: for that error."""
    return _bounded(text, where, lambda plain: yaml.load(plain, LOADER))


def load_all(text: str | bytes, where: str = "") -> list[Any]:
    """The documents of a text; NotYaml as `load`."""
    return _bounded(text, where, lambda plain: list(yaml.load_all(plain, LOADER)))


def _bounded(text: str | bytes, where: str, read: Callable[[str], Any]) -> Any:
    try:
        plain = text.decode() if isinstance(text, bytes) else text
        if _may_be_deep(plain) and _is_deep(plain):
            raise ValueError(f"nested more than {DEEPEST} levels deep")
        value = read(plain)
        if "&" in plain and _size(value, {}) > MOST:
            raise ValueError(f"its aliases stand for more than {MOST} values")
    except (yaml.YAMLError, *UNREADABLE) as error:
        raise NotYaml(error, where) from error
    return value


def _may_be_deep(text: str) -> bool:
    """By counting alone: a level takes a column at a line's beginning, or a bracket."""
    columns = max(len(match[0]) for match in _BEGINNING.finditer(text))
    steps = (1 if match[0] in "[{" else -1 for match in _BRACKET.finditer(text))
    return columns + max(accumulate(steps), default=0) > DEEPEST


def _is_deep(text: str) -> bool:
    return any(depth > DEEPEST for depth in accumulate(_levels(text)))


def _levels(text: str) -> Iterator[int]:
    for event in yaml.parse(text, LOADER):
        yield isinstance(event, _OPENING) - isinstance(event, _CLOSING)


def _size(value: Any, known: dict[int, int]) -> int:
    """How many values there are in one; ValueError if it contains itself."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        known[id(value)] = -1  # not known yet
        parts = value.values() if isinstance(value, dict) else value
        known[id(value)] = 1 + sum(_size(part, known) for part in parts)
    if known[id(value)] < 0:
        raise ValueError("it contains itself")
    return known[id(value)]
