"""Label and field selectors: text or object -> a value with ``matches``.

Grammar: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
"""

import re
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.apimachinery import selector_text
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request


@dataclass(frozen=True)
class Requirement:
    """key; operator In, NotIn, Exists, DoesNotExist, Gt or Lt; values."""

    key: str
    operator: str
    values: frozenset[str] = frozenset()

    def matches(self, labels: dict[str, str]) -> bool:
        if self.operator == "Exists":
            return self.key in labels
        if self.operator == "DoesNotExist":
            return self.key not in labels
        if self.operator in ("Gt", "Lt"):
            return self._compares(labels.get(self.key, ""))
        # A missing label satisfies NotIn, as the documentation of label selectors says.
        return (labels.get(self.key) in self.values) == (self.operator == "In")

    def _compares(self, value: str) -> bool:
        limit = int(*self.values)
        number = int(value) if re.fullmatch(r"[-+]?\d+", value) else limit
        return number > limit if self.operator == "Gt" else number < limit


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
        try:
            return cls(tuple(Requirement(*term) for term in selector_text.terms(text)))
        except ValueError as error:
            raise bad_request(str(error)) from error

    @classmethod
    def from_object(cls, selector: dict | None) -> "Selector":
        """An object's ``{matchLabels, matchExpressions}``; an absent one matches nothing."""
        if selector is None:
            return NOTHING
        requirements = list(cls.of(selector.get("matchLabels") or {}).requirements)
        for term in selector.get("matchExpressions") or ():
            requirements.append(
                Requirement(term["key"], term["operator"], frozenset(term.get("values") or ()))
            )
        return cls(tuple(requirements))

    def matches(self, labels: dict[str, str] | None) -> bool:
        return all(requirement.matches(labels or {}) for requirement in self.requirements)


NOTHING = Selector((Requirement("", "Exists"),))


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
    match = re.fullmatch(r"([^=!]+)(==|=|!=)(.*)", part)
    if not match:
        raise bad_request(
            f"invalid field selector {text!r}: invalid selector: {part!r}; can't understand {part!r}"
        )
    return match[1], match[3], match[2] != "!="


def _text_at(item: dict, path: str) -> str:
    value: object = item
    for step in path.split("."):
        value = value.get(step) if isinstance(value, dict) else None
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
