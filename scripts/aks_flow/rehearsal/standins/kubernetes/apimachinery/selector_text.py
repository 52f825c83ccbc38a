"""The grammar of label selectors, and what a standard server says of text that is none.

https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

import re
from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar

_TOKEN = re.compile(r"\s*(!=|==|[=!,()><]|[^\s=!,()><]+)")
_SYMBOLS = frozenset(("!=", "==", "=", "!", ",", "(", ")", ">", "<"))
_OPERATORS = {"in": "In", "notin": "NotIn", "=": "In", "==": "In", "!=": "NotIn", ">": "Gt", "<": "Lt"}
_EXPECTED = "in, notin, =, ==, !=, gt, lt"

Term = tuple[str, str, frozenset[str]]


def terms(text: str) -> Iterator[Term]:
    """``app=web,tier in (a, b),!old`` -> (key, operator, values) of each requirement. ValueError."""
    tokens = _Tokens(text)
    while tokens.next:
        if tokens.is_word or tokens.next == "!":
            yield _checked(*_requirement(tokens))
        else:
            raise ValueError(f"found '{tokens.next}', expected: !, identifier, or 'end of string'")
        if tokens.next and tokens.take() != ",":
            raise ValueError(f"found '{tokens.last}', expected: ',' or 'end of string'")
        if tokens.last == "," and not (tokens.is_word or tokens.next == "!"):
            raise ValueError(f"found '{tokens.next}', expected: identifier after ','")


class _Tokens:
    """next: the token to come, "" at the end. last: the one taken last."""

    def __init__(self, text: str):
        self._rest = [match[1] for match in _TOKEN.finditer(text)]
        self.last = ""

    @property
    def next(self) -> str:
        return self._rest[0] if self._rest else ""

    @property
    def is_word(self) -> bool:
        return bool(self.next) and self.next not in _SYMBOLS

    def take(self) -> str:
        self.last = self._rest.pop(0) if self._rest else ""
        return self.last

    def word(self) -> str:
        if not self.is_word:
            raise _unparsable(f"found '{self.next}', expected: identifier")
        return self.take()


def _requirement(tokens: _Tokens) -> Term:
    absent = tokens.next == "!" and bool(tokens.take())
    key = tokens.word()
    if tokens.next in ("", ",") or absent:
        return key, "DoesNotExist" if absent else "Exists", frozenset()
    operator = tokens.take()
    if operator not in _OPERATORS:
        raise _unparsable(f"found '{operator}', expected: {_EXPECTED}")
    values = _values(tokens) if operator in ("in", "notin") else {_value(tokens)}
    return key, _OPERATORS[operator], frozenset(values)


def _value(tokens: _Tokens) -> str:
    return "" if tokens.next in ("", ",") else tokens.word()


def _values(tokens: _Tokens) -> set[str]:
    if tokens.take() != "(":
        raise _unparsable(f"found '{tokens.last}' expected: '('")
    values: set[str] = set()
    while tokens.next != ")":
        values.add("" if tokens.next == "," else tokens.word())
        if tokens.next == ",":
            tokens.take()
            values |= {""} if tokens.next == ")" else set()
        elif tokens.next != ")":
            raise _unparsable(f"found '{tokens.next}', expected: ',' or ')'")
    tokens.take()
    return values or {""}


def _checked(key: str, operator: str, values: frozenset[str]) -> Term:
    if faults := grammar.qualified_name(key):
        raise _unparsable(f'key: Invalid value: "{key}": {"; ".join(faults)}')
    for value in sorted(values):
        if operator in ("Gt", "Lt") and not re.fullmatch(r"[-+]?\d+", value):
            text = "for 'Gt', 'Lt' operators, the value must be an integer"
            raise _unparsable(f'values[0]: Invalid value: "{value}": {text}')
        if faults := grammar.label_value(value):
            raise _unparsable(f'values[0][{key}]: Invalid value: "{value}": {"; ".join(faults)}')
    return key, operator, values


def _unparsable(why: str) -> ValueError:
    return ValueError(f"unable to parse requirement: {why}")
