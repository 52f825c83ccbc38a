"""Discovery in one answer each for /api and /apis (apidiscovery.k8s.io/v2), as kubectl asks for it."""

from collections.abc import Iterable

from aiohttp import web

from aks_flow.rehearsal.standins.kubernetes.api.discovery import resource_entry, subresource_entry
from aks_flow.rehearsal.standins.kubernetes.api.responses import dump
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

CONTENT_TYPE = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList"


def is_asked_for(request: web.Request) -> bool:
    """Whether the client would rather have the aggregated form."""
    first = request.headers.get("Accept", "").split(",")[0].replace(" ", "")
    return {"g=apidiscovery.k8s.io", "v=v2"} <= set(first.split(";"))


def answer(registry: Iterable[Kind]) -> web.Response:
    return web.Response(body=dump(document(registry)), headers={"Content-Type": CONTENT_TYPE})


def document(registry: Iterable[Kind]) -> dict:
    served = list(registry)
    by_plural = sorted(served, key=lambda kind: kind.plural)
    items = [_group(name, by_plural) for name in dict.fromkeys(kind.group for kind in served)]
    return {
        "kind": "APIGroupDiscoveryList",
        "apiVersion": "apidiscovery.k8s.io/v2",
        "metadata": {},
        "items": items,
    }


def _group(name: str, sorted_kinds: list[Kind]) -> dict:
    mine = [kind for kind in sorted_kinds if kind.group == name]
    versions = [
        {
            "version": version,
            "resources": [_resource(kind) for kind in mine if kind.version == version],
            "freshness": "Current",
        }
        for version in dict.fromkeys(kind.version for kind in mine)
    ]
    return {"metadata": {"name": name} if name else {}, "versions": versions}


def _resource(kind: Kind) -> dict:
    entry = resource_entry(kind)
    shown = {
        "resource": entry["name"],
        "responseKind": _response_kind(entry),
        "scope": "Namespaced" if kind.namespaced else "Cluster",
        "singularResource": entry["singularName"],
    }
    shown |= {field: entry[field] for field in ("verbs", "shortNames", "categories") if field in entry}
    below = [_subresource(kind, name) for name in kind.subresources]
    return shown | ({"subresources": below} if below else {})


def _subresource(kind: Kind, name: str) -> dict:
    entry = subresource_entry(kind, name)
    return {"subresource": name, "responseKind": _response_kind(entry), "verbs": entry["verbs"]}


def _response_kind(entry: dict) -> dict:
    return {"group": entry.get("group", ""), "version": entry.get("version", ""), "kind": entry["kind"]}
