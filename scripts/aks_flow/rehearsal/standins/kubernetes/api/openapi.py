"""OpenAPI documents: what kubectl validates and explains by.

Seen to suffice for kubectl v1.37: a PATCH operation for each kind with its group, version and kind and
a query parameter named fieldValidation. The schemas are what ``kubectl explain`` reads.
"""

import hashlib
from functools import cache
from pathlib import Path

from aks_flow.rehearsal.standins.kubernetes import schema
from aks_flow.rehearsal.standins.kubernetes.api.responses import dump
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import unknown_path
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind, Kinds

_INFO = {"title": "Kubernetes", "version": "v1.36.2"}
_PARAMETERS = [
    {"name": name, "in": "query", "schema": {"type": "string", "uniqueItems": True}}
    for name in ("dryRun", "fieldManager", "fieldValidation")
]
# What a server answers besides resources and discovery.
_OTHER_PATHS = ("/version/", "/.well-known/openid-configuration/", "/openid/v1/jwks/")
_PLAIN = {"responses": {"200": {"description": "OK", "content": {"application/json": {"schema": {}}}}}}


def index(registry: Kinds) -> dict:
    """The answer of /openapi/v3: each group's document, its address changed by its content."""
    names = sorted(_plain(registry) | {_path(kind): "" for kind in registry})
    addresses = {name: f"/openapi/v3/{name}?hash={digest(registry, name)}" for name in names}
    return {"paths": {name: {"serverRelativeURL": address} for name, address in addresses.items()}}


def digest(registry: Kinds, name: str) -> str:
    """A text that changes when the document does, and is cheaper to make: clients read few documents."""
    custom = [(kind.plural, kind.schema) for kind in registry if _path(kind) == name and kind.is_custom]
    return hashlib.sha256(_models() + name.encode() + dump(custom)).hexdigest().upper()


@cache
def _models() -> bytes:
    return Path(schema.__file__).with_name("models.json").read_bytes()


def document(registry: Kinds, name: str) -> dict:
    """The answer of /openapi/v3/api/v1 and /openapi/v3/apis/GROUP/VERSION; StatusError 404."""
    plain = _plain(registry)
    if name in plain:
        return {"openapi": "3.0.0", "info": _INFO, "paths": {plain[name]: {"get": _PLAIN}}}
    served = [kind for kind in registry if _path(kind) == name]
    if not served:
        raise unknown_path()
    paths, schemas = {}, {}
    for kind in served:
        schemas |= _schemas(kind)
        if kind not in kinds.CREATE_ONLY:
            paths |= _paths(name, kind)
    return {"openapi": "3.0.0", "info": _INFO, "paths": paths, "components": {"schemas": schemas}}


def _plain(registry: Kinds) -> dict[str, str]:
    """The documents about no resource, and the one path of each; custom groups have none of their own."""
    groups = {kind.group for kind in registry if kind.group and not kind.is_custom}
    lists = {name: f"/{name}/" for name in ("api", "apis", *(f"apis/{group}" for group in groups))}
    return lists | {path.strip("/"): path for path in _OTHER_PATHS}


def swagger() -> dict:
    """The answer of /openapi/v2, which clients ask for when they know no better: valid and empty."""
    return {"swagger": "2.0", "info": _INFO, "paths": {}, "definitions": {}}


def swagger_protobuf() -> bytes:
    """The same as a gnostic openapi.v2.Document message: swagger = 1, info = 2, paths = 8."""
    info = _text(1, _INFO["title"]) + _text(2, _INFO["version"])
    return _text(1, "2.0") + _field(2, info) + _field(8, b"")


def _paths(name: str, kind: Kind) -> dict:
    scope = "namespaces/{namespace}/" if kind.namespaced else ""
    address = f"/{name}/{scope}{kind.plural}/{{name}}"
    return {
        address: {
            "get": _operation(kind, "get", []),
            "put": _operation(kind, "put", _PARAMETERS),
            "patch": _operation(kind, "patch", _PARAMETERS),
            "delete": _operation(kind, "delete", _PARAMETERS[:1]),
        }
    }


def _operation(kind: Kind, action: str, parameters: list[dict]) -> dict:
    reference = {"$ref": f"#/components/schemas/{_schema_name(kind)}"}
    answer = {"description": "OK", "content": {"application/json": {"schema": reference}}}
    named = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    return {
        "x-kubernetes-action": action,
        "x-kubernetes-group-version-kind": named,
        "parameters": parameters,
        "responses": {"200": answer},
    }


def _schemas(kind: Kind) -> dict:
    """The kind's schema, and those that it refers to."""
    if not kind.is_custom:
        return schema.openapi_components(kind)
    named = {"group": kind.group, "version": kind.version, "kind": kind.kind}
    return {_schema_name(kind): {**kind.schema, "x-kubernetes-group-version-kind": [named]}}


def _schema_name(kind: Kind) -> str:
    if not kind.is_custom:
        return schema.openapi_name(kind)
    return ".".join((*reversed(kind.group.split(".")), kind.version, kind.kind))


def _path(kind: Kind) -> str:
    return f"apis/{kind.api_version}" if kind.group else f"api/{kind.version}"


def _text(number: int, value: str) -> bytes:
    return _field(number, value.encode())


def _field(number: int, value: bytes) -> bytes:
    """One length-delimited protobuf field; lengths here stay below 128."""
    return bytes((number << 3 | 2, len(value))) + value
