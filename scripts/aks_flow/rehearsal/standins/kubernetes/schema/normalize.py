"""The form in which a server keeps an object: what a Go program writes after reading it.

Fields that are unknown or null are gone, and so are empty values of fields that are neither pointers nor
required; quantities and times are canonical. So ``tty: false`` is not kept, ``runAsNonRoot: false`` is.
"""

from aks_flow.rehearsal.standins.kubernetes.apimachinery import times
from aks_flow.rehearsal.standins.kubernetes.schema import models, quantity
from aks_flow.rehearsal.standins.kubernetes.schema.models import ModelField

# What null is as an element of a list or map.
_ZERO = {"string": "", "bool": False, "int32": 0, "int64": 0, "Quantity": "0"}


def normalize(model: str, item: dict) -> None:
    """Change an object of a model in place."""
    fields = models.fields(model)
    for name in list(item):
        field = fields.get(name)
        if field is None or (item[name] is None and not _keeps_null(name, field)):
            del item[name]
        elif item[name] is not None:
            item[name] = _value(field, item[name])
            if _is_left_out(field, item[name]):
                del item[name]


def _keeps_null(name: str, field: ModelField) -> bool:
    """Times that are no pointers are written as null: ``lastProbeTime`` of a condition."""
    return field.type in ("Time", "MicroTime") and not field.pointer and name != "creationTimestamp"


def _is_left_out(field: ModelField, value: object) -> bool:
    if not field.optional or field.pointer or (field.is_model and not field.container):
        return False
    return field.type not in ("IntOrString", "Quantity", "any") and not value


def _value(field: ModelField, value: object) -> object:
    if field.container == "[]" and isinstance(value, list):
        return [_single(field, element) for element in value]
    if field.container and isinstance(value, dict):
        return {key: _single(field, element) for key, element in value.items()}
    return _single(field, value)


def _single(field: ModelField, value: object) -> object:
    if value is None:
        return {} if field.is_model else _ZERO.get(field.type)
    if field.is_model and isinstance(value, dict):
        normalize(field.type, value)
    if field.type == "Quantity" and isinstance(value, str | int | float):
        return _canonical(value)
    if field.type in ("Time", "MicroTime") and isinstance(value, str):
        return times.canonical(value, "microseconds" if field.type == "MicroTime" else "seconds")
    return value


def _canonical(text: str | int | float) -> str | int | float:
    """What is no quantity stays for validation to refuse."""
    try:
        return quantity.canonical(text)
    except ValueError:
        return text
