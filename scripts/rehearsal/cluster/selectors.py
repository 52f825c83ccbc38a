"""Label and field selectors: text or object -> a value with ``matches``.

Grammar: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

import re
from dataclasses import dataclass

from scripts.rehearsal.cluster.status import bad_request

_SET = re.compile(r"\s*([^\s!=(),]+)\s+(in|notin)\s*\(([^()]*)\)\s*$")
_EQUAL = re.compile(r"\s*([^\s!=(),]+)\s*(==|=|!=)\s*([^\s!=(),]*)\s*$")
_EXISTS = re.compile(r"\s*(!?)\s*([^\s!=(),]+)\s*$")
_KEY = re.compile(r"([a-z0-9]([-a-z0-9.]*[a-z0-9])?/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?")
_VALUE = re.compile(r"([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?")
_OPERATORS = {"=": "In", "==": "In", "!=": "NotIn", "in": "In", "notin": "NotIn"}


@dataclass(frozen=True)
class Requirement:
    """key; operator In, NotIn, Exists or DoesNotExist; values."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def matches(self, labels: dict[str, str]) -> bool:
        if self.operator == "Exists":
            return self.key in labels
        if self.operator == "DoesNotExist":
            return self.key not in labels
        # A missing label satisfies NotIn, as the documentation of label selectors says.
        return (labels.get(self.key) in self.values) == (self.operator == "In")


@dataclass(frozen=True)
class Selector:
    """All requirements must hold; without any, everything matches."""

    requirements: tuple[Requirement, ...] = ()

    @classmethod
    def of(cls, labels: dict[str, str]) -> "Selector":
        return cls(tuple(Requirement(key, "In", frozenset((value,))) for key, value in labels.items()))

    @classmethod
    def parse(cls, text: str) -> "Selector":
        """``app=web,tier in (a, b),!old`` -> Selector; StatusError 400."""
        parts = re.split(r",(?![^()]*\))", text) if text.strip() else []
        return cls(tuple(_requirement(part, text) for part in parts))

    @classmethod
    def from_object(cls, selector: dict | None) -> "Selector":
        """An object's ``{matchLabels, matchExpressions}``; an absent one matches nothing."""
        if selector is None:
            return NOTHING
        found = list(cls.of(selector.get("matchLabels") or {}).requirements)
        for term in selector.get("matchExpressions") or ():
            found.append(Requirement(term["key"], term["operator"], frozenset(term.get("values") or ())))
        return cls(tuple(found))

    def matches(self, labels: dict[str, str] | None) -> bool:
        return all(requirement.matches(labels or {}) for requirement in self.requirements)


NOTHING = Selector((Requirement("", "Exists"),))


def _requirement(part: str, text: str) -> Requirement:
    if found := _SET.match(part):
        key, operator, values = found[1], found[2], {value.strip() for value in found[3].split(",")}
    elif found := _EQUAL.match(part):
        key, operator, values = found[1], found[2], {found[3]}
    elif found := _EXISTS.match(part):
        key, operator, values = found[2], "DoesNotExist" if found[1] else "Exists", set()
    else:
        raise bad_request(
            f"unable to parse requirement: {part.strip()!r} in {text!r} is not a label selector"
        )
    if not _KEY.fullmatch(key) or not all(_VALUE.fullmatch(value) for value in values):
        raise bad_request(f"unable to parse requirement: {part.strip()!r} names no valid label or value")
    return Requirement(key, _OPERATORS.get(operator, operator), frozenset(values))


@dataclass(frozen=True)
class Fields:
    """A field selector: (path, value, equal) terms over dotted paths such as ``status.phase``."""

    terms: tuple[tuple[str, str, bool], ...] = ()

    @classmethod
    def parse(cls, text: str) -> "Fields":
        """``metadata.name=web,status.phase!=Running`` -> Fields; StatusError 400."""
        return cls(tuple(_term(part, text) for part in text.split(",") if part))

    def matches(self, item: dict) -> bool:
        return all((_text_at(item, path) == value) == equal for path, value, equal in self.terms)


def _term(part: str, text: str) -> tuple[str, str, bool]:
    found = re.fullmatch(r"([^=!]+)(==|=|!=)(.*)", part)
    if not found:
        raise bad_request(
            f"invalid field selector {text!r}: invalid selector: {part!r}; can't understand {part!r}"
        )
    return found[1], found[3], found[2] != "!="


def _text_at(item: dict, path: str) -> str:
    value: object = item
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
