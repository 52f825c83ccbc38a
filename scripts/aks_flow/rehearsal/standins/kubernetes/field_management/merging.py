"""Merging what is applied into what is there, and taking out fields that nobody owns any more."""

from collections.abc import Iterable

from aks_flow.rehearsal.standins.kubernetes.field_management.comparing import ABSENT, by_element
from aks_flow.rehearsal.standins.kubernetes.field_management.fieldsets import Path, encode
from aks_flow.rehearsal.standins.kubernetes.field_management.shapes import Shape, element


def merge(shape: Shape, live: object, applied: object) -> object:
    """A new value: the applied fields, and the live fields that are not applied."""
    if isinstance(applied, dict) and isinstance(live, dict) and shape.granular:
        merged = {
            name: merge(shape.field(name), live.get(name, ABSENT), field_value)
            for name, field_value in applied.items()
        }
        return live | merged
    if isinstance(applied, list) and isinstance(live, list) and shape.keys is not None:
        return _merge_list(shape, live, applied)
    return applied


def without(shape: Shape, value: object, paths: Iterable[Path]) -> object:
    """A new value that lacks the given fields, and what lies below them."""
    return _without(shape, value, encode(paths))


def _merge_list(shape: Shape, live: list, applied: list) -> list:
    """In the order applied; what only the live list has keeps its place before the item that followed it."""
    live_by_element, applied_by_element = by_element(shape, live), by_element(shape, applied)
    waiting, merged = list(applied_by_element), []
    for step, item in live_by_element.items():
        if step not in applied_by_element:
            merged.append(item)
            continue
        while step in waiting:
            merged.append(_merged_item(shape, live_by_element, applied_by_element, waiting.pop(0)))
    return merged + [_merged_item(shape, live_by_element, applied_by_element, step) for step in waiting]


def _merged_item(shape: Shape, live_by_element: dict, applied_by_element: dict, step: str) -> object:
    return merge(shape.item(), live_by_element.get(step, ABSENT), applied_by_element[step])


def _without(shape: Shape, value: object, gone: dict) -> object:
    if isinstance(value, dict):
        kept = {name: field_value for name, field_value in value.items() if not _goes(gone, f"f:{name}")}
        return {
            name: _without(shape.field(name), field_value, gone[f"f:{name}"])
            if f"f:{name}" in gone
            else field_value
            for name, field_value in kept.items()
        }
    if isinstance(value, list) and shape.keys is not None:
        kept = [(element(shape, item), item) for item in value]
        return [
            _without(shape.item(), item, gone[step]) if step in gone else item
            for step, item in kept
            if not _goes(gone, step)
        ]
    return value


def _goes(gone: dict, step: str) -> bool:
    """Whether a step is named itself, with all that lies below it."""
    return step in gone and (not gone[step] or "." in gone[step])
