"""Fields that a request's body has twice: the last one counts, and a standard server says so."""

import json
from collections import Counter
from collections.abc import Iterator

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api import parameters
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import bad_request

_YAML = ("application/yaml", "application/apply-patch+yaml")


async def faults(request: web.Request) -> list[str]:
    """A server's warnings about the fields that a well-formed body has twice."""
    data = await request.read()
    if request.content_type == "application/json":
        return [f'duplicate field "{path}"' for path in _json(data)]
    lines = _yaml(data) if request.content_type in _YAML else []
    return ["yaml: unmarshal errors:\n" + "\n".join(lines)] if lines else []


async def of_applied(request: web.Request) -> list[str]:
    """Warnings about what is applied. StatusError 400 if fields are validated strictly."""
    mode = parameters.field_validation(request.query)
    warnings = [f"error converting YAML to JSON: {fault}" for fault in await faults(request)]
    if warnings and mode == "Strict":
        raise bad_request(f"error strict decoding YAML: {warnings[0]}")
    return warnings if mode == "Warn" else []


def _json(data: bytes) -> list[str]:
    """The paths of the fields."""
    twice: list[tuple[dict, str]] = []

    def noted(pairs: list[tuple[str, object]]) -> dict:
        mapping = dict(pairs)
        if len(mapping) < len(pairs):
            counts = Counter(key for key, _ in pairs)
            twice.extend((mapping, key) for key in mapping if counts[key] > 1)
        return mapping

    item = json.loads(data, object_pairs_hook=noted)
    fields = _fields(item, "") if twice else ()
    return [
        path
        for path, owner, key in fields
        if any(owner is mapping and key == name for mapping, name in twice)
    ]


def _fields(value: object, path: str) -> Iterator[tuple[str, dict, str]]:
    """Every field of every object in a value: its path, its object, its name."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _fields(item, f"{path}[{index}]")
    if isinstance(value, dict):
        for key, field_value in value.items():
            place = f"{path}.{key}".lstrip(".")
            yield place, value, key
            yield from _fields(field_value, place)


def _yaml(data: bytes) -> list[str]:
    """The lines of the keys, in the words of the server's YAML library."""
    if data.lstrip().startswith(b"{") and not _json(data):
        return []
    import yaml

    repeated_keys, waiting = [], [yaml.compose(data, Loader=yaml.SafeLoader)]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        if isinstance(node, yaml.MappingNode):
            waiting += [value for _, value in node.value]
            repeated_keys += _repeated([key for key, _ in node.value])
    return [f'  line {line}: key "{key}" already set in map' for line, key in sorted(repeated_keys)]


def _repeated(keys: list) -> Iterator[tuple[int, str]]:
    seen = set()
    for key in keys:
        if str(key.value) in seen:
            yield key.start_mark.line + 1, key.value
        seen.add(str(key.value))
