"""Items of a list that have the same owner's place twice: what is applied may not have them."""

import json
from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.field_management import shapes
from aks_flow.rehearsal.standins.kubernetes.field_management.shapes import Shape
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind


def duplicates(kind: Kind, config: dict) -> list[str]:
    """A standard server's words for each place that has an item again."""
    return list(dict.fromkeys(_below(shapes.of(kind), config, "")))


def _below(shape: Shape, value: object, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _below(shape.field(name), inner, f"{path}.{name}")
    elif isinstance(value, list):
        yield from _items(shape, value, path)


def _items(shape: Shape, items: list, path: str) -> Iterator[str]:
    seen = set()
    for index, item in enumerate(items):
        place = f"[{index}]" if shape.keys is None else _shown(shapes.element(shape, item))
        if place in seen:
            yield f"{path}: duplicate entries for key {place}"
        seen.add(place)
        yield from _below(shape.item(), item, path + place)


def _shown(element: str) -> str:
    """``k:{"name":"web"}`` as ``[name="web"]``, ``v:"x"`` as ``[="x"]``."""
    form, _, text = element.partition(":")
    keys = json.loads(text) if form == "k" else {"": json.loads(text)}
    return f"[{','.join(f'{key}={json.dumps(value, ensure_ascii=False)}' for key, value in keys.items())}]"
