"""Kinds that the cluster learns at run time."""

import json
import uuid
from collections.abc import Iterator

import pytest

from tests.e2e.cluster.objects import apply, read


@pytest.fixture
def group(kubectl) -> Iterator[str]:
    """An API group with the kind Recipe, whose `minutes` must be an integer."""
    group = f"e2e-{uuid.uuid4().hex[:8]}.example.com"
    kubectl.ok("apply", "-f", "-", stdin=json.dumps(definition(group)))
    kubectl.ok("wait", f"crd/recipes.{group}", "--for=condition=Established", "--timeout=30s")
    yield group
    kubectl("delete", "crd", f"recipes.{group}", "--ignore-not-found")


def definition(group: str) -> dict:
    spec = {
        "type": "object",
        "required": ["minutes"],
        "properties": {"minutes": {"type": "integer", "minimum": 1}},
    }
    status = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
    schema = {"type": "object", "properties": {"spec": spec, "status": status}}
    version = {"name": "v1", "served": True, "storage": True, "schema": {"openAPIV3Schema": schema}}
    version["subresources"] = {"status": {}}
    version["additionalPrinterColumns"] = [
        {"name": "Minutes", "type": "integer", "jsonPath": ".spec.minutes"}
    ]
    return {
        "apiVersion": "apiextensions.k8s.io/v1",
        "kind": "CustomResourceDefinition",
        "metadata": {"name": f"recipes.{group}"},
        "spec": {
            "group": group,
            "scope": "Namespaced",
            "names": {"kind": "Recipe", "plural": "recipes", "singular": "recipe", "shortNames": ["rcp"]},
            "versions": [version],
        },
    }


def recipe(group: str, **spec) -> dict:
    return {"apiVersion": f"{group}/v1", "kind": "Recipe", "metadata": {"name": "soup"}, "spec": spec}


def test_a_custom_resource_is_created_listed_and_deleted(kubectl, namespace, group):
    apply(kubectl, namespace, recipe(group, minutes=40))
    table = kubectl.ok("-n", namespace, "get", f"recipes.{group}")
    assert [line.split() for line in table.splitlines()] == [["NAME", "MINUTES"], ["soup", "40"]]
    kubectl.ok("-n", namespace, "delete", f"recipes.{group}", "soup")
    assert read(kubectl, namespace, f"recipes.{group}")["items"] == []


def test_a_custom_resource_against_its_schema_is_refused(kubectl, namespace, group):
    wrong = json.dumps(recipe(group, minutes=0))
    answer = kubectl("-n", namespace, "create", "-f", "-", stdin=wrong)
    assert answer.exit == 1
    assert "spec.minutes" in answer.stderr
    assert read(kubectl, namespace, f"recipes.{group}")["items"] == []


def test_status_is_written_through_its_subresource_only(kubectl, namespace, group):
    apply(kubectl, namespace, recipe(group, minutes=40))
    patch = ("patch", f"recipes.{group}", "soup", "--type=merge", "-p", '{"status":{"done":true}}')
    kubectl.ok("-n", namespace, *patch)
    assert "status" not in read(kubectl, namespace, f"recipes.{group}/soup")
    kubectl.ok("-n", namespace, *patch, "--subresource=status")
    assert read(kubectl, namespace, f"recipes.{group}/soup")["status"] == {"done": True}


def test_deleting_the_definition_deletes_its_resources(kubectl, namespace, group):
    apply(kubectl, namespace, recipe(group, minutes=40))
    kubectl.ok("delete", "crd", f"recipes.{group}", "--timeout=30s")
    assert kubectl("-n", namespace, "get", f"recipes.{group}").exit == 1
