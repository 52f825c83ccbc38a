"""ConfigMaps and Secrets."""

import json
from base64 import b64decode
from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.apimachinery import grammar
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required, too_long

_MOST_BYTES = 1024 * 1024
_FIXED = "field is immutable when `immutable` is set"
_DOCKER = {"kubernetes.io/dockerconfigjson": ".dockerconfigjson", "kubernetes.io/dockercfg": ".dockercfg"}
_ACCOUNT = "kubernetes.io/service-account.name"
# A server's words for what Python says of the first character that does not fit.
_JSON = {
    "Extra data": "after top-level value",
    "Expecting property name enclosed in double quotes": "looking for beginning of object key string",
    "Expecting ':' delimiter": "after object key",
    "Expecting ',' delimiter": "after object key:value pair",
}
_JSON_TYPES = {list: "array", str: "string", bool: "bool", int: "number", float: "number"}


def config_map(item: dict) -> Iterator[Cause]:
    data, binary = item.get("data") or {}, item.get("binaryData") or {}
    for key in data:
        yield from checks.matches(f"data[{key}]", key, grammar.config_key)
        if key in binary:
            yield invalid(f"data[{key}]", key, "duplicate of key present in binaryData")
    for key in binary:
        yield from checks.matches(f"binaryData[{key}]", key, grammar.config_key)
    if sum(len(str(text).encode()) for text in data.values()) + _decoded(binary) > _MOST_BYTES:
        yield too_long("", _MOST_BYTES)


def secret(item: dict) -> Iterator[Cause]:
    data = item.get("data") or {}
    for key in data:
        yield from checks.matches(f"data[{key}]", key, grammar.config_key)
    if _decoded(data) > _MOST_BYTES:
        yield too_long("data", _MOST_BYTES)
    yield from _of_type(item.get("type"), data, item["metadata"].get("annotations") or {})


def _of_type(secret_type: str | None, data: dict, annotations: dict) -> Iterator[Cause]:
    """What a Secret of a known type has to hold. `data[%s]` is what a server says."""
    if secret_type == "kubernetes.io/tls":
        yield from (required(f"data[{key}]") for key in ("tls.crt", "tls.key") if key not in data)
    elif key := _DOCKER.get(secret_type):
        if key not in data:
            yield required(f"data[{key}]")
        elif fault := _json_fault(b64decode(data[key]).decode(errors="replace")):
            yield invalid(f"data[{key}]", "<secret contents redacted>", fault)
    elif secret_type == "kubernetes.io/basic-auth" and not data.keys() & {"username", "password"}:
        yield from (required(f"data[%s][{key}]") for key in ("username", "password"))
    elif secret_type == "kubernetes.io/ssh-auth" and not data.get("ssh-privatekey"):
        yield required("data[%s][ssh-privatekey]")
    elif secret_type == "kubernetes.io/service-account-token" and not annotations.get(_ACCOUNT):
        yield required(f"metadata.annotations[{_ACCOUNT}]")


def _json_fault(text: str) -> str:
    """What a server says of a text that is no JSON object; "" if it is one."""
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        rest = text[error.pos : error.pos + 1].replace("'", "\\'")
        where = _JSON.get(error.msg, "looking for beginning of value")
        return f"invalid character '{rest}' {where}" if rest else "unexpected end of JSON input"
    found = _JSON_TYPES.get(type(value))
    return f"json: cannot unmarshal {found} into Go value of type map[string]interface {{}}" if found else ""


def immutable_update(old: dict, new: dict) -> Iterator[Cause]:
    if old.get("immutable"):
        for field in ("immutable", "data", "binaryData"):
            if old.get(field) != new.get(field):
                yield forbidden(field, _FIXED)


def secret_update(old: dict, new: dict) -> Iterator[Cause]:
    yield from checks.unchanged("", old, new, "type")
    yield from immutable_update(old, new)


def _decoded(values: dict[str, str]) -> int:
    """The bytes behind base64 texts."""
    return sum(len(text.rstrip("=")) * 3 // 4 for text in values.values())
