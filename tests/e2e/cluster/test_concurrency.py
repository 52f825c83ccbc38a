"""Two writers, one object."""

import json

from tests.e2e.cluster.objects import apply, config_map, read


def test_a_replace_of_a_stale_object_is_refused_and_changes_nothing(kubectl, namespace):
    apply(kubectl, namespace, config_map("shared", writer="first"))
    stale = read(kubectl, namespace, "configmap/shared")
    kubectl.ok(
        "-n", namespace, "patch", "configmap", "shared", "--type=merge", "-p", '{"data":{"writer":"second"}}'
    )
    stale["data"]["writer"] = "third"
    answer = kubectl("-n", namespace, "replace", "-f", "-", stdin=json.dumps(stale))
    assert answer.exit == 1
    assert "Error from server (Conflict)" in answer.stderr
    assert read(kubectl, namespace, "configmap/shared")["data"] == {"writer": "second"}


def test_a_replace_of_the_current_object_is_accepted(kubectl, namespace):
    apply(kubectl, namespace, config_map("shared", writer="first"))
    current = read(kubectl, namespace, "configmap/shared")
    current["data"]["writer"] = "second"
    kubectl.ok("-n", namespace, "replace", "-f", "-", stdin=json.dumps(current))
    assert read(kubectl, namespace, "configmap/shared")["data"] == {"writer": "second"}


def test_a_json_patch_whose_test_fails_is_refused(kubectl, namespace):
    apply(kubectl, namespace, config_map("shared", writer="first"))
    patch = [
        {"op": "test", "path": "/data/writer", "value": "second"},
        {"op": "replace", "path": "/data/writer", "value": "third"},
    ]
    answer = kubectl("-n", namespace, "patch", "configmap", "shared", "--type=json", "-p", json.dumps(patch))
    assert answer.exit == 1
    assert read(kubectl, namespace, "configmap/shared")["data"] == {"writer": "first"}
