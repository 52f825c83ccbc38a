"""Filling in what an object leaves open."""

from collections.abc import Iterator


def fill(target: dict, **values: object) -> None:
    """Set each field that is absent or null."""
    for field, value in values.items():
        if target.get(field) is None:
            target[field] = value


def part(target: dict, field: str) -> dict:
    """The object in a field, made if it is absent; a detached one if something else is there."""
    if target.get(field) is None:
        target[field] = {}
    return target[field] if isinstance(target[field], dict) else {}


def given(target: dict, field: str) -> dict:
    """The object in a field, or an empty one that is not kept."""
    value = target.get(field)
    return value if isinstance(value, dict) else {}


def objects_in(target: dict, *fields: str) -> Iterator[dict]:
    """The objects in the lists of these fields."""
    for field in fields:
        value = target.get(field)
        yield from (item for item in (value if isinstance(value, list) else ()) if isinstance(item, dict))
