"""Checks that many kinds share: each gives the causes it finds."""

from collections.abc import Iterable, Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.selectors import Selector
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation.causes import (
    duplicate,
    forbidden,
    invalid,
    required,
    too_long,
    unsupported,
)

MOST_ANNOTATED = 256 * 1024  # bytes
NOT_NEGATIVE = "must be greater than or equal to 0"
IMMUTABLE = "field is immutable"


def need(path: str, item: dict, *fields: str) -> Iterator[Cause]:
    for field in fields:
        if item.get(field) in (None, "", [], {}):
            yield required(f"{path}.{field}".lstrip("."))


def one_of(path: str, value: object, *choices: str) -> Iterator[Cause]:
    """A choice; nothing chosen is for defaults or for `need`."""
    if value not in (None, "", *choices):
        yield unsupported(path, value, *choices)


def not_negative(path: str, item: dict, *fields: str) -> Iterator[Cause]:
    for field in fields:
        if isinstance(item.get(field), int) and item[field] < 0:
            yield invalid(f"{path}.{field}", item[field], NOT_NEGATIVE)


def matches(path: str, value: str, rule) -> Iterator[Cause]:
    """rule: one of `grammar`'s functions."""
    for text in rule(value):
        yield invalid(path, value, text)


def named(path: str, value: str | None, rule) -> Iterator[Cause]:
    """A name that has to be there and to follow its rule."""
    if value:
        yield from matches(path, value, rule)
    else:
        yield required(path)


def unique_names(path: str, items: Iterable[dict]) -> Iterator[Cause]:
    """path: the list; a name seen before is a duplicate."""
    seen = set()
    for index, item in enumerate(items):
        name = item.get("name")
        if name and name in seen:
            yield duplicate(f"{path}[{index}].name", name)
        seen.add(name)


def port(path: str, value: int | str | None) -> Iterator[Cause]:
    """A port's number or name."""
    if isinstance(value, str):
        yield from matches(path, value, grammar.port_name)
    elif not 1 <= (value or 0) <= 65535:
        yield invalid(path, value or 0, "must be between 1 and 65535, inclusive")


def inside(path: str, text: str) -> Iterator[Cause]:
    """A path that stays inside a folder."""
    if text.startswith("/"):
        yield invalid(path, text, "must be a relative path")
    yield from no_way_up(path, text)


def no_way_up(path: str, text: str) -> Iterator[Cause]:
    if ".." in text.split("/"):
        yield invalid(path, text, "must not contain '..'")


def unchanged(path: str, old: dict, new: dict, field: str, text: str = IMMUTABLE) -> Iterator[Cause]:
    if old.get(field) != new.get(field):
        yield invalid(f"{path}.{field}".lstrip("."), new.get(field), text)


def labels(path: str, values: dict) -> Iterator[Cause]:
    for key, value in values.items():
        yield from matches(path, key, grammar.qualified_name)
        yield from matches(path, value, grammar.label_value)


def annotations(path: str, values: dict) -> Iterator[Cause]:
    """What kubectl notes of an object that it applies counts, too."""
    for key in values:
        yield from matches(path, key.lower(), grammar.qualified_name)
    if sum(len(f"{key}{value}".encode()) for key, value in values.items()) > MOST_ANNOTATED:
        yield too_long(path, MOST_ANNOTATED)


def selector(path: str, value: dict) -> Iterator[Cause]:
    """A label selector: well-formed labels, and operators with values exactly where they take them."""
    yield from labels(f"{path}.matchLabels", value.get("matchLabels") or {})
    for index, expression in enumerate(value.get("matchExpressions") or ()):
        at = f"{path}.matchExpressions[{index}]"
        yield from matches(f"{at}.key", expression.get("key", ""), grammar.qualified_name)
        operator, values = expression.get("operator"), expression.get("values")
        if operator in ("In", "NotIn") and not values:
            yield required(f"{at}.values", "must be specified when `operator` is 'In' or 'NotIn'")
        if operator in ("Exists", "DoesNotExist") and values:
            text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"
            yield forbidden(f"{at}.values", text)
        if operator not in ("In", "NotIn", "Exists", "DoesNotExist"):
            yield invalid(f"{at}.operator", operator or "", "not a valid selector operator")


def selects_its_pods(spec: dict) -> Iterator[Cause]:
    """A workload's selector is well-formed and matches the labels of the workload's template."""
    faults = list(selector("spec.selector", spec["selector"]))
    yield from faults
    labels = ((spec.get("template") or {}).get("metadata") or {}).get("labels") or {}
    if not faults and not Selector.from_object(spec["selector"]).matches(labels):
        yield invalid("spec.template.metadata.labels", labels, "`selector` does not match template `labels`")
