"""A kind's table: its columns, and the function that gives an object's cells."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Cells = Callable[[dict, datetime], list]


@dataclass(frozen=True)
class Table:
    """columns: as a Table's columnDefinitions. cells: (object, now) -> one value a column."""

    columns: tuple[dict, ...]
    cells: Cells


def table(cells: Cells, *names: str) -> Table:
    """names: the columns after the object's name. ``Desired:integer`` has a type, ``+IP`` is for -o wide."""
    shown = (_column("Name") | {"format": "name"}, *map(_column, names))
    return Table(shown, lambda item, now: [item["metadata"]["name"], *cells(item, now)])


def table_with_name_last(cells: Cells, *names: str) -> Table:
    """An event's own name matters least: it stands last, for -o wide."""
    shown = (*map(_column, names), _column("+Name") | {"format": "name"})
    return Table(shown, lambda item, now: [*cells(item, now), item["metadata"]["name"]])


def _column(text: str) -> dict:
    name, _, kind = text.removeprefix("+").partition(":")
    priority = int(text.startswith("+"))
    return {"name": name, "type": kind or "string", "format": "", "description": "", "priority": priority}
