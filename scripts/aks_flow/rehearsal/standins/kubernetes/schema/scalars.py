"""Values that are no objects: which JSON belongs to which type."""

import base64
import binascii
from datetime import datetime

from aks_flow.rehearsal.standins.kubernetes.schema import quantity
from aks_flow.rehearsal.standins.kubernetes.schema.go_text import json_type

_RANGES = {
    "int": (-(2**63), 2**63),
    "int32": (-(2**31), 2**31),
    "int64": (-(2**63), 2**63),
    "uint32": (0, 2**32),
    "uint64": (0, 2**64),
}
_QUANTITY = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
_LAYOUT = "2006-01-02T15:04:05Z07:00"


def is_of_type(name: str, value: object) -> bool:
    """Whether JSON is of the type ``name``. Types with a parser of their own have `parse_fault`."""
    if name in _RANGES:
        low, high = _RANGES[name]
        return isinstance(value, int) and not isinstance(value, bool) and low <= value < high
    if name == "float64":
        return isinstance(value, int | float) and not isinstance(value, bool)
    if name == "[]string":
        return isinstance(value, list) and all(isinstance(element, str) for element in value)
    if name in ("bool", "string", "bytes"):
        return isinstance(value, bool if name == "bool" else str)
    return True


def parse_fault(name: str, value: object) -> str:
    """Why a type's own parser refuses a value; "" if the value is good, or for a type without a parser."""
    check = _OWN.get(name)
    return check(value) if check else ""


def _quantity(value: object) -> str:
    try:
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            quantity.parse(value)
            return ""
    except ValueError:
        pass
    return _QUANTITY


def _int_or_string(value: object) -> str:
    if isinstance(value, str) or is_of_type("int32", value):
        return ""
    return f"json: cannot unmarshal {json_type(value)} into Go value of type int32"


def _time(value: object) -> str:
    if not isinstance(value, str):
        return f"json: cannot unmarshal {json_type(value)} into Go value of type string"
    try:
        if value:
            datetime.fromisoformat(value).utctimetuple()
    except ValueError:
        return f'parsing time "{value}" as "{_LAYOUT}": cannot parse "{value}" as "2006"'
    return ""


def _bytes(value: object) -> str:
    if not isinstance(value, str):
        return ""
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        good = next(
            (
                index
                for index, character in enumerate(value)
                if not (character.isascii() and (character.isalnum() or character in "+/="))
            ),
            0,
        )
        return f"illegal base64 data at input byte {good or len(value) // 4 * 4}"
    return ""


_OWN = {
    "Quantity": _quantity,
    "IntOrString": _int_or_string,
    "Time": _time,
    "MicroTime": _time,
    "bytes": _bytes,
}
