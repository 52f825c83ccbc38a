"""The causes that a standard server names, in its words."""

import json

from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause


def required(path: str, text: str = "") -> Cause:
    return Cause(path, "FieldValueRequired", "Required value" + (f": {text}" if text else ""))


def invalid(path: str, value: object, text: str) -> Cause:
    return Cause(path, "FieldValueInvalid", f"Invalid value: {shown(value)}: {text}")


def unsupported(path: str, value: object, *supported: str) -> Cause:
    choices = ", ".join(map(shown, supported))
    return Cause(
        path, "FieldValueNotSupported", f"Unsupported value: {shown(value)}: supported values: {choices}"
    )


def duplicate(path: str, value: object) -> Cause:
    return Cause(path, "FieldValueDuplicate", f"Duplicate value: {shown(value)}")


def missing(path: str, value: object) -> Cause:
    """A reference to something that is not there."""
    return Cause(path, "FieldValueNotFound", f"Not found: {shown(value)}")


def forbidden(path: str, text: str) -> Cause:
    return Cause(path, "FieldValueForbidden", f"Forbidden: {text}")


def too_long(path: str, most: int) -> Cause:
    return Cause(path, "FieldValueTooLong", f"Too long: may not be more than {most} bytes")


def shown(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
