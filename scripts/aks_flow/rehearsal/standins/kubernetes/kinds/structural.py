"""Structural schemas (a CRD's openAPIV3Schema): prune, default and check a custom object.

Rules: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/
"""

import json
import re
from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause

_TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}
_SYSTEM = ("apiVersion", "kind", "metadata")


def prune(schema: dict, value: object, path: str = "") -> list[str]:
    """Remove in place the fields that the schema does not know; gives their paths."""
    if isinstance(value, list):
        return [
            gone
            for index, item in enumerate(value)
            for gone in prune(schema.get("items", {}), item, f"{path}[{index}]")
        ]
    if not isinstance(value, dict) or schema.get("x-kubernetes-embedded-resource"):
        return []
    removed = []
    for key in list(value):
        if not path and key in _SYSTEM:  # the server's own, whatever the schema says of them
            continue
        field = f"{path}.{key}".lstrip(".")
        below = _below(schema, key)
        if below is not None:
            removed += prune(below, value[key], field)
        elif not schema.get("x-kubernetes-preserve-unknown-fields"):
            removed.append(field)
            del value[key]
    return removed


def default(schema: dict, value: object) -> None:
    """Fill in the schema's defaults in place."""
    if isinstance(value, list):
        for item in value:
            default(schema.get("items", {}), item)
    if not isinstance(value, dict):
        return
    for key, below in (schema.get("properties") or {}).items():
        if key not in value and "default" in below:
            value[key] = json.loads(json.dumps(below["default"]))
    for key in value:
        default(_below(schema, key) or {}, value[key])


def check(schema: dict, value: object, path: str = "") -> Iterator[Cause]:
    """What the schema refuses, field by field."""
    if value is None and schema.get("nullable"):
        return
    if fault := _type_fault(schema, value, path):
        yield fault
        return
    yield from _value_faults(schema, value, path)
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from check(schema.get("items", {}), item, f"{path}[{index}]")
    if isinstance(value, dict):
        for key in schema.get("required") or ():
            if key not in value:
                yield Cause(f"{path}.{key}".lstrip("."), "FieldValueRequired", "Required value")
        for key, field_value in value.items():
            if path or key not in _SYSTEM:
                yield from check(_below(schema, key) or {}, field_value, f"{path}.{key}".lstrip("."))


def _below(schema: dict, key: str) -> dict | None:
    known = (schema.get("properties") or {}).get(key)
    if known is None and schema.get("additionalProperties"):
        extra = schema["additionalProperties"]
        return extra if isinstance(extra, dict) else {"x-kubernetes-preserve-unknown-fields": True}
    return known


def _type_fault(schema: dict, value: object, path: str) -> Cause | None:
    type_name = schema.get("type")
    if schema.get("x-kubernetes-int-or-string"):
        fits, type_name = isinstance(value, int | str) and not isinstance(value, bool), "integer,string"
    elif type_name not in _TYPES:
        return None
    else:
        fits = isinstance(value, _TYPES[type_name]) and (
            type_name == "boolean" or not isinstance(value, bool)
        )
    if fits:
        return None
    given = _type_name(value)
    text = f'Invalid value: "{given}": {path or "<root>"} in body must be of type {type_name}: "{given}"'
    return Cause(path or "<nil>", "FieldValueTypeInvalid", text)


def _value_faults(schema: dict, value: object, path: str) -> Iterator[Cause]:
    shown = json.dumps(value)
    if schema.get("enum") and value not in schema["enum"]:
        known = ", ".join(json.dumps(allowed) for allowed in schema["enum"])
        yield Cause(path, "FieldValueNotSupported", f"Unsupported value: {shown}: supported values: {known}")
    for limit, holds, words in _LIMITS:
        if limit in schema and not holds(value, schema[limit]):
            text = f"{path} in body {words.format(schema[limit])}"
            yield Cause(path, "FieldValueInvalid", f"Invalid value: {shown}: {text}")


_LIMITS = (
    ("minimum", lambda value, limit: value >= limit, "should be greater than or equal to {}"),
    ("maximum", lambda value, limit: value <= limit, "should be less than or equal to {}"),
    ("minLength", lambda value, limit: len(value) >= limit, "should be at least {} chars long"),
    ("maxLength", lambda value, limit: len(value) <= limit, "should be at most {} chars long"),
    ("minItems", lambda value, limit: len(value) >= limit, "should have at least {} items"),
    ("maxItems", lambda value, limit: len(value) <= limit, "should have at most {} items"),
    ("pattern", lambda value, limit: re.search(limit, value) is not None, "should match '{}'"),
)


def _type_name(value: object) -> str:
    if isinstance(value, bool):
        return "boolean"
    names = {dict: "object", list: "array", str: "string", int: "integer", float: "number"}
    return names.get(type(value), "null")
