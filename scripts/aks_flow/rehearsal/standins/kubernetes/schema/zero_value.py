"""An object before anything is set in it: what a server's types write all the same."""

from aks_flow.rehearsal.standins.kubernetes.schema import models
from aks_flow.rehearsal.standins.kubernetes.schema.models import ModelField

_ZEROS = {
    "string": "",
    "bool": False,
    "int32": 0,
    "int64": 0,
    "float64": 0,
    "IntOrString": 0,
    "Quantity": "0",
}
_ABSENT = object()


def zero(model: str) -> dict:
    """``{"selector": None, "template": {…}}``: fields that cannot be left out, with their empty values."""
    values = {name: _value(field) for name, field in models.fields(model).items()}
    return {name: value for name, value in values.items() if value is not _ABSENT}


def _value(field: ModelField) -> object:
    if field.is_model and not field.container and not field.pointer:
        return zero(field.type)
    if field.optional:
        return _ABSENT
    return None if field.container or field.pointer else _ZEROS.get(field.type)
