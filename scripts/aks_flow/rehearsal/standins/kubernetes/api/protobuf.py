"""Kubernetes objects in their binary form, which the typed commands of kubectl send.

Four bytes of magic, then a runtime.Unknown: {1: {1: apiVersion, 2: kind}, 2: the object}. The numbers of an
object's fields are in the table of models. https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding
"""

import json
from base64 import b64encode
from datetime import UTC, datetime

from aks_flow.rehearsal.standins.kubernetes.api import protobuf_wire
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request
from aks_flow.rehearsal.standins.kubernetes.schema import models
from aks_flow.rehearsal.standins.kubernetes.schema.models import ModelField
from aks_flow.rehearsal.standins.kubernetes.schema.normalize import normalize

_MAGIC = b"k8s\x00"
_INTEGERS = ("int", "int32", "int64")


def decode(body: bytes) -> dict:
    """The object in a body, as JSON would have it. StatusError 400: malformed, or of an unknown kind."""
    if not body.startswith(_MAGIC):
        raise bad_request(
            "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]"
        )
    try:
        envelope = dict(protobuf_wire.fields(body[len(_MAGIC) :]))
        named = {number: value.decode() for number, value in protobuf_wire.fields(envelope.get(1, b""))}
        return _object(named.get(1, ""), named.get(2, ""), envelope.get(2, b""))
    except (ValueError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise bad_request(f"unable to decode the protobuf message: {error}") from error


def _object(api_version: str, kind: str, raw: bytes) -> dict:
    model = models.name_of(api_version, kind)
    if not model:
        raise bad_request(f'no kind "{kind}" is registered for version "{api_version}" in scheme')
    item = {"apiVersion": api_version, "kind": kind} | _message(model, raw)
    normalize(model, item)
    return item


def _message(model: str, data: bytes) -> dict:
    known, message = models.numbered(model), {}
    for number, value in protobuf_wire.fields(data):
        if number in known:
            name, field = known[number]
            _put(message, name, field, value)
    return message


def _put(message: dict, name: str, field: ModelField, value: int | bytes) -> None:
    """Set a field. An empty struct that is no pointer is left out: Go writes one where nothing was set."""
    if field.container == "map[string]":
        entry = dict(protobuf_wire.fields(value))
        message.setdefault(name, {})[entry.get(1, b"").decode()] = _single(field, entry.get(2, b""))
    elif field.container:
        message.setdefault(name, []).extend(_elements(field, value))
    elif name.startswith("<"):
        message |= _message(field.type, value)
    elif (single := _single(field, value)) is not None and (single != {} or field.pointer):
        message[name] = single


def _elements(field: ModelField, value: int | bytes) -> list:
    if field.type in _INTEGERS and isinstance(value, bytes):
        return [protobuf_wire.signed(number) for number in protobuf_wire.varints(value)]
    return [_single(field, value)]


def _single(field: ModelField, value: int | bytes) -> object:
    if field.is_model:
        return _message(field.type, value)
    if field.type in _INTEGERS:
        return protobuf_wire.signed(value)
    return _LEAVES[field.type](value)


def _time(data: bytes) -> str | None:
    """{1: seconds, 2: nanoseconds}; an empty one is no time."""
    moment = _moment(data)
    return moment and moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _micro_time(data: bytes) -> str | None:
    moment = _moment(data)
    return moment and moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _moment(data: bytes) -> datetime | None:
    parts = dict(protobuf_wire.fields(data))
    if not parts:
        return None
    moment = datetime.fromtimestamp(protobuf_wire.signed(parts.get(1, 0)), UTC)
    return moment.replace(microsecond=parts.get(2, 0) // 1000)


def _quantity(data: bytes) -> str:
    return dict(protobuf_wire.fields(data)).get(1, b"0").decode()


def _int_or_string(data: bytes) -> int | str:
    """{1: 0 for a number, 1 for a text, 2: the number, 3: the text}."""
    parts = dict(protobuf_wire.fields(data))
    return parts.get(3, b"").decode() if parts.get(1) else protobuf_wire.signed(parts.get(2, 0))


def _raw_json(data: bytes) -> object:
    return json.loads(dict(protobuf_wire.fields(data)).get(1, b"null"))


def _texts(data: bytes) -> list[str]:
    return [value.decode() for _, value in protobuf_wire.fields(data)]


_LEAVES = {
    "string": lambda data: data.decode(),
    "bool": bool,
    "bytes": lambda data: b64encode(data).decode(),
    "Time": _time,
    "MicroTime": _micro_time,
    "Quantity": _quantity,
    "IntOrString": _int_or_string,
    "any": _raw_json,
    "[]string": _texts,
}
