"""What an apply would change, told without the server: by what was applied before and what is there. Pure.

Only the server knows it for certain: it fills in defaults, and others' webhooks change what is applied.
"""

from collections.abc import Iterable
from difflib import unified_diff

import yaml

from aks_flow.push.fields.applied import applied, is_empty, is_same
from aks_flow.tools.kubectl import output

_DEFAULT = {"protocol": "TCP"}  # a port is told by it, whether the manifest has it or not


def difference(objects: Iterable[dict], live: Iterable[dict]) -> str:
    """As a diff of the fields that the manifest has or had; "" for none. live: with its fields' owners."""
    present = {output.object_name(item): item for item in live}
    pairs = [(name, item, present.get(name)) for item in objects for name in [output.object_name(item)]]
    return "".join(_of_object(name, item, there) for name, item, there in pairs)


def _of_object(name: str, item: dict, live: dict | None) -> str:
    before = as_it_is(item, applied(live), live) if live else {}
    after = as_written_there(item, before) if live else item
    labels = (f"{name} as it is", f"{name} as it would be")
    lines = [*unified_diff(_lines(before), _lines(after), *labels, lineterm="")]
    return "".join(f"{line}\n" for line in lines)


def _lines(item: dict) -> list[str]:
    kept = {key: value for key, value in item.items() if key != "status"}
    return yaml.safe_dump(kept).splitlines() if kept else []


def as_it_is(wanted: object, own: object, live: object) -> object:
    """Of a live value what is wanted now, and what was applied before: the rest is others'."""
    if isinstance(live, dict):
        asked, had = _mapping(wanted), _mapping(own)
        names = [name for name in live if name in asked or name in had and not _is_told(name, live, asked)]
        return {name: as_it_is(asked.get(name), had.get(name), live[name]) for name in names}
    if isinstance(live, list):
        return [as_it_is(*items) for items in _matched(wanted, own, live)]
    return live


def _is_told(name: str, live: dict, asked: dict) -> bool:
    """Whether a field is the server's own way to tell an object or an item by."""
    is_place = name == "namespace" and "name" in asked
    return is_place or _DEFAULT.get(name) == live[name]


def _mapping(value: object) -> dict:
    return value if isinstance(value, dict) else {}


def _matched(wanted: object, own: object, live: list) -> list[tuple[object, object, object]]:
    """Each live item that is wanted or was applied, with those: by its name, or else by its place."""
    asked, had = _by_key(wanted), _by_key(own)
    several = [(asked.get(key), had.get(key), item) for key, item in _by_key(live).items()]
    return [items for items in several if items[:2] != (None, None)]


def _by_key(items: object) -> dict:
    if not isinstance(items, list):
        return {}
    named = all(isinstance(item, dict) and "name" in item for item in items)
    return {item["name"] if named else place: item for place, item in enumerate(items)}


def as_written_there(wanted: object, before: object) -> object:
    """What is wanted, in the server's own way of writing it where that means the same."""
    if isinstance(wanted, dict):
        there = _mapping(before)
        filled = {
            name: value for name, value in wanted.items() if not is_empty(value) or value == there.get(name)
        }
        return {name: as_written_there(value, there.get(name)) for name, value in filled.items()}
    if isinstance(wanted, list) and isinstance(before, list):
        there = _by_key(before)
        return [as_written_there(item, there.get(key)) for key, item in _by_key(wanted).items()]
    return before if before is not None and is_same(wanted, before) else wanted
