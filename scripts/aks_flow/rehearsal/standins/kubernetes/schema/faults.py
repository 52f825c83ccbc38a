"""The faults in an object's fields: unknown ones, and those of the wrong type."""

from collections.abc import Iterator
from dataclasses import dataclass

from aks_flow.rehearsal.standins.kubernetes.schema import models, scalars
from aks_flow.rehearsal.standins.kubernetes.schema.go_text import json_type, reflect_kind
from aks_flow.rehearsal.standins.kubernetes.schema.models import ModelField


@dataclass(frozen=True)
class FieldFault:
    """path: ``spec.containers[0].imag``. decoder, converter: what these say of a wrong type; "": unknown."""

    path: str
    decoder: str = ""
    converter: str = ""


@dataclass(frozen=True)
class _Place:
    """A field: the struct that has it, its path, and the path the decoder shows: no index, no map key."""

    owner: str
    path: str
    shown: str

    def at(self, index: int) -> "_Place":
        return _Place(self.owner, f"{self.path}[{index}]", self.shown)

    def entry(self, key: str) -> "_Place":
        return _Place(self.owner, f"{self.path}.{key}", self.shown)

    def below(self, name: str, owner: str) -> "_Place":
        return _Place(owner, f"{self.path}.{name}".lstrip("."), f"{self.shown}.{name}".lstrip("."))


def faults(model: str, item: dict) -> Iterator[FieldFault]:
    """model: the name of the object's model."""
    return _model_faults(model, item, _Place("", "", ""))


def _model_faults(model: str, item: dict, place: _Place) -> Iterator[FieldFault]:
    fields, owner = models.fields(model), model.rpartition(".")[2]
    for name, value in item.items():
        below = place.below(name, owner)
        if name not in fields:
            yield FieldFault(below.path)
        elif value is not None:
            yield from _field_faults(fields[name], value, below)


def _field_faults(field: ModelField, value: object, place: _Place) -> Iterator[FieldFault]:
    container = {"[]": list, "map[string]": dict}.get(field.container)
    if not container:
        yield from _value_faults(field, value, place)
    elif not isinstance(value, container):
        noun = "slice" if container is list else "map"
        go_type = field.container + _go_name(field.type)
        yield _mismatch(value, place, go_type, f"cannot restore {noun} from: {reflect_kind(value)}")
    else:
        for element, place_of_element in _elements(value, place):
            yield from _value_faults(field, element, place_of_element)


def _elements(value: list | dict, place: _Place) -> Iterator[tuple[object, _Place]]:
    if isinstance(value, list):
        return ((element, place.at(index)) for index, element in enumerate(value))
    return ((element, place.entry(key)) for key, element in value.items())


def _value_faults(field: ModelField, value: object, place: _Place) -> Iterator[FieldFault]:
    if value is None or field.type == "any":
        return
    if field.is_model:
        if isinstance(value, dict):
            yield from _model_faults(field.type, value, place)
        else:
            text = f"cannot restore struct from: {reflect_kind(value)}"
            yield _mismatch(value, place, _go_name(field.type), text)
    elif text := scalars.parse_fault(field.type, value):
        yield FieldFault(place.path, text, text)
    elif not scalars.is_of_type(field.type, value):
        yield _mismatch(value, place, field.type, f"unrecognized type: {field.type}")


def _mismatch(value: object, place: _Place, go_type: str, converter: str) -> FieldFault:
    shown = json_type(value)
    if isinstance(value, int) and not isinstance(value, bool) and go_type.startswith(("int", "uint")):
        shown = f"number {value}"
    where = f"Go struct field {place.owner}.{place.shown}"
    return FieldFault(place.path, f"json: cannot unmarshal {shown} into {where} of type {go_type}", converter)


def _go_name(model: str) -> str:
    """``core/v1.Container`` -> ``v1.Container``."""
    return model.rpartition("/")[2]
