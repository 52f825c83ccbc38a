"""Recorded writes leave the managedFields that a standard server left, and are refused as there."""

import json
from copy import deepcopy
from pathlib import Path

import pytest

CASES = json.loads((Path(__file__).parent / "data/ownership_recorded.json").read_text())
NAMESPACES = "/api/v1/namespaces"
CRD = Path(__file__).parents[4] / "e2e/conformance/data/m/crd.yaml"


def entries(managed: list[dict] | None) -> list[dict]:
    """Times differ; whether there is one does not."""
    return [entry | {"time": bool(entry.get("time"))} for entry in managed or ()]


def place(server, case: dict) -> None:
    """The object, and the namespace that it needs, as they were before the write."""
    before, path = case["before"], case["path"].partition("?")[0]
    if path.startswith(f"{NAMESPACES}/") or "/namespaces/" in path:
        server.call("POST", NAMESPACES, {"metadata": {"name": "shop"}})
    if before:
        *_, plural, _ = path.split("/")
        group = path.split("/")[2] if path.startswith("/apis") else ""
        objects = server.api.objects
        server.run(_put(objects, f"{plural}.{group}" if group else plural, deepcopy(before)))


async def _put(objects, resource: str, item: dict) -> None:
    objects.store.put(resource, item)


def request(server, case: dict):
    """Some patches name the version that they were made for."""
    content = case["request"]
    current = server.call("GET", case["path"].partition("?")[0]).body["metadata"].get("resourceVersion")
    if isinstance(content, list):
        versioned = {"/metadata/resourceVersion": current}
        return [
            operation | {"value": versioned.get(operation["path"], operation["value"])}
            for operation in content
        ]
    if "resourceVersion" in content.get("metadata", {}):
        return content | {"metadata": content["metadata"] | {"resourceVersion": current}}
    return content


@pytest.mark.parametrize("case", [pytest.param(case, id=case["name"]) for case in CASES])
def test_a_write_is_signed_as_a_standard_server_signs_it(server, case):
    if "argoproj" in case["path"]:
        definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
        server.call("POST", definitions, CRD.read_text(), content_type="application/yaml")
    place(server, case)
    answer = server.call(
        case["method"], case["path"], request(server, case), content_type=case["content_type"]
    )
    assert answer.status == case["status"], answer.text
    if case["status"] == 409:
        assert answer.body["message"] == case["message"]
    else:
        assert entries(answer.body["metadata"].get("managedFields")) == entries(case["managed"])
