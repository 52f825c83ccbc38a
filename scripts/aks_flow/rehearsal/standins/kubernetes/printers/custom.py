"""Tables of custom kinds, from the columns that their definition names."""

import json
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind
from aks_flow.rehearsal.standins.kubernetes.printers import json_path
from aks_flow.rehearsal.standins.kubernetes.printers.columns import Table, table
from aks_flow.rehearsal.standins.kubernetes.printers.values import UNKNOWN, age, since


def custom(kind: Kind) -> Table:
    if not kind.columns:
        return table(lambda item, now: [age(item, now)], "Age:date")
    name = {"name": "Name", "type": "string", "format": "name", "description": "", "priority": 0}
    columns = (name, *map(_definition, kind.columns))
    paths = [(json_path.parse(column["jsonPath"]), column["type"]) for column in kind.columns]

    def cells(item: dict, now: datetime) -> list:
        return [item["metadata"]["name"], *(_cell(path(item), form, now) for path, form in paths)]

    return Table(columns, cells)


def _definition(column: dict) -> dict:
    defaults = {"format": "", "description": "", "priority": 0}
    return defaults | {key: value for key, value in column.items() if key != "jsonPath"}


def _cell(values: list, form: str, now: datetime) -> object:
    """What is not there is null; what has not the column's type too."""
    if not values:
        return None
    value = values[0]
    if form == "date":
        return _date(value, now)
    if form == "string":
        return " ".join(value if isinstance(value, str) else json.dumps(value) for value in values)
    expected = {"integer": int, "number": (int, float), "boolean": bool}[form]
    return value if isinstance(value, expected) and isinstance(value, bool) == (form == "boolean") else None


def _date(value: object, now: datetime) -> str:
    try:
        return since(value, now)
    except (TypeError, ValueError):
        return UNKNOWN
