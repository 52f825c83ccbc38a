"""Which fields an object has, and which differ between two: pure functions of objects and their shape."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from aks_flow.rehearsal.standins.kubernetes.field_management.fieldsets import Path, Paths
from aks_flow.rehearsal.standins.kubernetes.field_management.shapes import Shape, element

# What is absent, as opposed to null.
ABSENT = object()


@dataclass
class Changes:
    """The fields that one object has and another has not, and those whose values differ."""

    added: set[Path] = field(default_factory=set)
    modified: set[Path] = field(default_factory=set)
    removed: set[Path] = field(default_factory=set)

    @property
    def new(self) -> Paths:
        return frozenset(self.added | self.modified)

    def among(self, ours: Callable[[set[Path]], Paths]) -> "Changes":
        """The changes to fields that a function of paths keeps."""
        return Changes(*(set(ours(paths)) for paths in (self.added, self.modified, self.removed)))

    def __bool__(self) -> bool:
        return bool(self.added or self.modified or self.removed)


def fields_of(shape: Shape, value: object, path: Path = ()) -> Iterator[Path]:
    """The paths that a manager owns after applying the object."""
    if isinstance(value, dict) and shape.granular:
        for name, field_value in value.items():
            place = (*path, f"f:{name}")
            yield from fields_of(shape.field(name), field_value, place)
            if field_value is None or field_value == {} or not shape.declares(name):
                yield place
    elif isinstance(value, list) and shape.keys is not None:
        for item in value:
            place = (*path, element(shape, item))
            yield from fields_of(shape.item(), item, place)
            yield place
    elif path:
        yield path


def compare(shape: Shape, old: object, new: object) -> Changes:
    changes = Changes()
    _compare(shape, old, new, (), changes)
    return changes


def by_element(shape: Shape, items: list | None) -> dict[str, object]:
    """A list's items by their place; of several in one place the last one counts."""
    return {element(shape, item): item for item in items or ()}


def _compare(shape: Shape, old: object, new: object, path: Path, changes: Changes) -> None:
    below = _below(shape, old, new)
    if below is None:
        _compare_whole(old, new, path, changes)
        return
    for step, inner, before, after in below:
        _compare(inner, before, after, (*path, step), changes)
    if path and old is ABSENT:
        changes.added.add(path)
    elif path and new is ABSENT:
        changes.removed.add(path)


def _compare_whole(old: object, new: object, path: Path, changes: Changes) -> None:
    if old is ABSENT:
        changes.added.add(path)
    elif new is ABSENT:
        changes.removed.add(path)
    elif old != new or isinstance(old, bool) != isinstance(new, bool):
        changes.modified.add(path)


def _below(shape: Shape, old: object, new: object) -> list[tuple[str, Shape, object, object]] | None:
    """Pairs of what lies in two values; None if they are to be compared as a whole."""
    kinds = {type(value) for value in (old, new) if value is not ABSENT and value is not None}
    if kinds == {dict} and shape.granular and (_filled(old) or _filled(new)):
        before, after = _filled(old), _filled(new)
        names = dict.fromkeys((*before, *after))
        return [
            (f"f:{name}", shape.field(name), before.get(name, ABSENT), after.get(name, ABSENT))
            for name in names
        ]
    if kinds == {list} and shape.keys is not None and (_filled(old) or _filled(new)):
        before, after = by_element(shape, _filled(old)), by_element(shape, _filled(new))
        steps = dict.fromkeys((*before, *after))
        return [(step, shape.item(), before.get(step, ABSENT), after.get(step, ABSENT)) for step in steps]
    return None


def _filled(value: object) -> dict | list:
    """The value, or an empty one in place of what is absent or null."""
    return {} if value is ABSENT or value is None else value
