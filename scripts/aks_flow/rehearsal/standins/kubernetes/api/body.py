"""Request bodies: JSON, YAML or protobuf -> a dict; refusals as a standard server words them."""

import json
from contextlib import suppress

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api.target import RequestTarget
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import (
    StatusError,
    bad_request,
    unsupported_media_type,
)
from aks_flow.rehearsal.standins.kubernetes.schema.faults import faults

PROTOBUF = "application/vnd.kubernetes.protobuf"
_ACCEPTED = "application/json, application/yaml, application/vnd.kubernetes.protobuf"


async def read(request: web.Request, target: RequestTarget) -> dict:
    """The object in a request's body. StatusError 400, 413 or 415."""
    data = await request.read()
    item = _decode(request.content_type, data, target.kind.kind)
    if not isinstance(item, dict):
        raise _unrecognized(target.kind.kind, "cannot unmarshal into an object", data)
    if not isinstance(item.get("metadata", {}), dict):
        raise _unrecognized(target.kind.kind, "metadata is not an object", data)
    item["metadata"] = item.get("metadata") or {}
    return item


async def read_apply(request: web.Request, target: RequestTarget) -> dict:
    """What is applied, which is YAML. StatusError 400."""
    item = _yaml(await request.read(), target.kind.kind)
    if not isinstance(item, dict) or not isinstance(item.get("metadata", {}) or {}, dict):
        raise bad_request("error decoding YAML: it is no object with metadata")
    item["metadata"] = item.get("metadata") or {}
    return item


async def options(request: web.Request) -> dict:
    """The DeleteOptions in a request's body; {} if there is none."""
    data = await request.read()
    delete_options = _decode(request.content_type, data, "DeleteOptions") if data else {}
    if not isinstance(delete_options, dict):
        raise _unrecognized("DeleteOptions", "cannot unmarshal into an object", data)
    return delete_options


def check_kind(target: RequestTarget, item: dict) -> None:
    """Refuse an object of another kind or version than the path's."""
    kind = target.kind
    given, version = item.get("kind", kind.kind), item.get("apiVersion", kind.api_version)
    if given != kind.kind:
        text = f'{given} in version "{version}" cannot be handled as a {kind.kind}: unknown conversion'
        raise bad_request(text)
    if version != kind.api_version:
        text = f"the API version in the data ({version}) does not match the expected API version"
        raise bad_request(f"{text} ({kind.api_version})")
    if kind.is_custom and not ("kind" in item and "apiVersion" in item):
        raise bad_request("Object 'Kind' is missing: custom objects name their kind and apiVersion")
    for fault in faults("meta/v1.ObjectMeta", item["metadata"]):
        if fault.decoder and kind.is_custom:
            raise bad_request(f"unable to decode metadata: {fault.decoder}")


def check_place(target: RequestTarget, item: dict) -> None:
    """Refuse an object whose name or namespace differs from the path's; fill in what is left out."""
    metadata = item["metadata"]
    namespace = metadata.get("namespace") or target.where
    if target.name and metadata.get("name", "") != target.name:
        text = f"the name of the object ({metadata.get('name', '')}) does not match the name on the URL"
        raise bad_request(f"{text} ({target.name})")
    if target.kind.namespaced and namespace != target.where:
        if not target.name:
            text = "the namespace of the provided object does not match the namespace sent on the request"
            raise bad_request(text)
        text = f"the namespace of the object ({namespace}) does not match the namespace on the request"
        raise bad_request(f"{text} ({target.where})")
    if target.kind.namespaced:
        metadata["namespace"] = namespace


def _decode(content_type: str, data: bytes, kind: str) -> object:
    # A request without a content type is aiohttp's octet-stream.
    if content_type in ("application/json", "application/octet-stream"):
        return json_value(data, kind)
    if content_type == PROTOBUF:
        from aks_flow.rehearsal.standins.kubernetes.api import protobuf

        return protobuf.decode(data)
    if content_type == "application/yaml":
        return _yaml(data, kind)
    raise unsupported_media_type(content_type, _ACCEPTED)


def json_value(data: bytes, kind: str) -> object:
    """StatusError 400 if it is not JSON."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise _unrecognized(kind, f"couldn't get version/kind; json parse error: {error}", data) from error


def _yaml(data: bytes, kind: str) -> object:
    import yaml

    if data.lstrip().startswith(b"{"):  # as clients send it, and a hundred times as quick to read
        with suppress(ValueError, RecursionError):
            return json.loads(data)
    try:
        return yaml.safe_load(data)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unrecognized(kind, f"error converting YAML to JSON: {error}", data) from error


def _unrecognized(kind: str, why: str, data: bytes) -> StatusError:
    shown = data[:10].hex() + (" ..." if len(data) > 10 else "")
    return bad_request(f"the object provided is unrecognized (must be of type {kind}): {why} ({shown})")
