"""ConfigMaps and Secrets."""

from collections.abc import Iterator

from aks_flow.rehearsal.standins.kubernetes.objects.status import Cause
from aks_flow.rehearsal.standins.kubernetes.validation import checks, grammar
from aks_flow.rehearsal.standins.kubernetes.validation.causes import forbidden, invalid, required, too_long

_MOST_BYTES = 1024 * 1024
_FIXED = "field is immutable when `immutable` is set"
_NEEDED = {
    "kubernetes.io/tls": ("tls.crt", "tls.key"),
    "kubernetes.io/dockerconfigjson": (".dockerconfigjson",),
    "kubernetes.io/dockercfg": (".dockercfg",),
    "kubernetes.io/ssh-auth": ("ssh-privatekey",),
}


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
    for key in _NEEDED.get(item.get("type", ""), ()):
        if key not in data:
            yield required(f"data[{key}]")


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
    return sum(len(text) * 3 // 4 for text in values.values())
