"""CustomResourceDefinitions: their kinds are served at once, checked by their schema, and gone with them."""

import copy
import json
from pathlib import Path

import pytest

from tests.unit.rehearsal.standins.kubernetes.conftest import serving

CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
WIDGETS = "/apis/example.com/v1/namespaces/default/widgets"
CASES = json.loads((Path(__file__).parent / "data/structural.json").read_text())
MERGE = "application/merge-patch+json"
TABLE = "application/json;as=Table;v=v1;g=meta.k8s.io"
SPEC = {
    "type": "object",
    "required": ["size"],
    "properties": {
        "size": {"type": "integer", "minimum": 1, "maximum": 10},
        "color": {"type": "string", "enum": ["red", "blue"], "default": "red"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "labels": {"type": "object", "additionalProperties": {"type": "string"}},
        "port": {"x-kubernetes-int-or-string": True},
        "free": {"type": "object", "x-kubernetes-preserve-unknown-fields": True},
        "note": {"type": "string", "nullable": True, "maxLength": 5, "pattern": "^[a-z]*$"},
    },
}
STATUS = {"type": "object", "x-kubernetes-preserve-unknown-fields": True}
CRD = {
    "apiVersion": "apiextensions.k8s.io/v1",
    "kind": "CustomResourceDefinition",
    "metadata": {"name": "widgets.example.com"},
    "spec": {
        "group": "example.com",
        "scope": "Namespaced",
        "names": {"plural": "widgets", "kind": "Widget", "shortNames": ["wi"]},
        "versions": [
            {
                "name": "v1",
                "served": True,
                "storage": True,
                "subresources": {"status": {}},
                "schema": {
                    # As generators write it: the server's own fields are named, not described.
                    "openAPIV3Schema": {
                        "type": "object",
                        "properties": {"metadata": {"type": "object"}, "spec": SPEC, "status": STATUS},
                    }
                },
                "additionalPrinterColumns": [{"name": "Size", "type": "integer", "jsonPath": ".spec.size"}],
            }
        ],
    },
}


def a_widget(name: str = "w", **spec) -> dict:
    return {
        "apiVersion": "example.com/v1",
        "kind": "Widget",
        "metadata": {"name": name},
        "spec": {"size": 3} | spec,
    }


@pytest.fixture
def widgets(server):
    assert server.call("POST", CRDS, CRD).status == 201
    return server


def test_a_definition_is_established_at_once(widgets):
    definition = widgets.call("GET", f"{CRDS}/widgets.example.com").body
    conditions = {condition["type"]: condition["status"] for condition in definition["status"]["conditions"]}
    assert conditions == {"NamesAccepted": "True", "Established": "True"}
    assert definition["status"]["storedVersions"] == ["v1"]
    assert definition["status"]["acceptedNames"] == {
        "plural": "widgets",
        "singular": "widget",
        "kind": "Widget",
        "listKind": "WidgetList",
        "shortNames": ["wi"],
    }
    (resource, status) = widgets.call("GET", "/apis/example.com/v1").body["resources"]
    assert (resource["name"], status["name"]) == ("widgets", "widgets/status")


def test_custom_objects_are_kept_with_their_defaults(widgets):
    created = widgets.call("POST", WIDGETS, a_widget())
    assert (created.status, created.body["spec"]) == (201, {"size": 3, "color": "red"})
    listed = widgets.call("GET", WIDGETS).body
    assert (listed["kind"], listed["items"]) == ("WidgetList", [created.body])


def test_unknown_fields_are_dropped_unless_the_schema_keeps_them(widgets):
    sent = a_widget(nosuch=1, free={"any": {"thing": 1}}, labels={"a": "b"}) | {"extra": True}
    created = widgets.call("POST", WIDGETS, sent).body
    assert created["spec"] == {"size": 3, "color": "red", "free": {"any": {"thing": 1}}, "labels": {"a": "b"}}
    assert "extra" not in created


@pytest.mark.parametrize("case", CASES, ids=lambda case: json.dumps(case["spec"]))
def test_the_schema_is_enforced(widgets, case):
    answer = widgets.call("POST", WIDGETS, a_widget(**case["spec"]))
    assert answer.status == 422
    (cause,) = answer.body["details"]["causes"]
    assert (cause["field"], cause["message"]) == (case["field"], case["message"])
    text = f'Widget.example.com "w" is invalid: {case["field"]}: {case["message"]}'
    assert answer.body["message"] == text


def test_a_required_field_is_required(widgets):
    answer = widgets.call("POST", WIDGETS, a_widget() | {"spec": {}})
    assert answer.body["message"] == 'Widget.example.com "w" is invalid: spec.size: Required value'


def test_what_may_be_null_or_a_port_is_accepted(widgets):
    assert widgets.call("POST", WIDGETS, a_widget(note=None, port="http")).status == 201


def test_status_and_spec_are_written_apart_and_generation_counts_spec(widgets):
    widgets.call("POST", WIDGETS, a_widget())
    changed = {"spec": {"size": 4}, "status": {"ready": True}}
    status = widgets.call("PATCH", f"{WIDGETS}/w/status", changed, content_type=MERGE).body
    assert (status["spec"]["size"], status["status"], status["metadata"]["generation"]) == (
        3,
        {"ready": True},
        1,
    )
    spec = widgets.call("PATCH", f"{WIDGETS}/w", changed, content_type=MERGE).body
    assert (spec["spec"]["size"], spec["status"], spec["metadata"]["generation"]) == (4, {"ready": True}, 2)


def test_a_strategic_merge_patch_is_not_supported(widgets):
    widgets.call("POST", WIDGETS, a_widget())
    answer = widgets.call("PATCH", f"{WIDGETS}/w", {}, content_type="application/strategic-merge-patch+json")
    assert answer.status == 415
    assert answer.body["message"].endswith("merge-patch+json, application/apply-patch+yaml")


def test_a_replacement_needs_the_resource_version(widgets):
    widgets.call("POST", WIDGETS, a_widget())
    answer = widgets.call("PUT", f"{WIDGETS}/w", a_widget())
    assert (answer.status, answer.body["details"]["causes"][0]["field"]) == (422, "metadata.resourceVersion")


def test_a_table_has_the_definitions_columns(widgets):
    widgets.call("POST", WIDGETS, a_widget())
    table = widgets.call("GET", WIDGETS, accept=TABLE).body
    assert [column["name"] for column in table["columnDefinitions"]] == ["Name", "Size"]
    assert table["rows"][0]["cells"] == ["w", 3]


def test_custom_objects_can_be_watched(widgets):
    with widgets.watch(f"{WIDGETS}?watch=true") as events:
        widgets.call("POST", WIDGETS, a_widget())
        assert events.next_name() == ("ADDED", "w")


def test_a_definition_can_be_changed(widgets):
    changed = copy.deepcopy(CRD)
    changed["metadata"]["resourceVersion"] = widgets.call("GET", f"{CRDS}/widgets.example.com").body[
        "metadata"
    ]["resourceVersion"]
    changed["spec"]["versions"][0]["schema"]["openAPIV3Schema"]["properties"]["spec"]["properties"]["size"][
        "maximum"
    ] = 99
    assert widgets.call("PUT", f"{CRDS}/widgets.example.com", changed).status == 200
    assert widgets.call("POST", WIDGETS, a_widget(size=50)).status == 201


def test_objects_go_with_their_definition(widgets):
    widgets.call("POST", WIDGETS, a_widget())
    assert widgets.call("DELETE", f"{CRDS}/widgets.example.com").status == 200
    assert widgets.call("GET", WIDGETS).status == 404
    widgets.call("POST", CRDS, CRD)
    assert widgets.call("GET", WIDGETS).body["items"] == []


def test_definitions_survive_a_restart(tmp_path):
    with serving(tmp_path / "cluster.db") as server:
        server.call("POST", CRDS, CRD)
        server.call("POST", WIDGETS, a_widget())
    with serving(tmp_path / "cluster.db") as server:
        assert [item["metadata"]["name"] for item in server.call("GET", WIDGETS).body["items"]] == ["w"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda crd: crd["metadata"].update(name="other.example.com"), "metadata.name"),
        (lambda crd: crd["spec"].pop("group"), "spec.group"),
        (lambda crd: crd["spec"]["names"].pop("kind"), "spec.names.kind"),
        (lambda crd: crd["spec"]["versions"][0].update(storage=False), "spec.versions"),
        (lambda crd: crd["spec"]["versions"][0].pop("schema"), "spec.versions[0].schema.openAPIV3Schema"),
    ],
)
def test_a_definition_that_cannot_be_served_is_invalid(server, change, field):
    definition = copy.deepcopy(CRD)
    change(definition)
    answer = server.call("POST", CRDS, definition)
    assert answer.status == 422
    assert field in [cause["field"] for cause in answer.body["details"]["causes"]]


def test_a_definition_can_offer_fields_to_select_by(server):
    definition = copy.deepcopy(CRD)
    definition["spec"]["versions"][0]["selectableFields"] = [{"jsonPath": ".spec.size"}]
    server.call("POST", CRDS, definition)
    server.call("POST", WIDGETS, a_widget())
    size = server.call("GET", f"{WIDGETS}/w").body["spec"]["size"]
    (widget,) = server.call("GET", f"{WIDGETS}?fieldSelector=spec.size%3D{size}").body["items"]
    assert widget["metadata"]["name"] == "w"
    assert server.call("GET", f"{WIDGETS}?fieldSelector=spec.color%3Dred").status == 400


def test_a_custom_object_is_scaled_where_its_definition_says(server):
    definition = copy.deepcopy(CRD)
    scale = {"specReplicasPath": ".spec.size", "statusReplicasPath": ".status.ready"}
    scale["labelSelectorPath"] = ".status.selector"
    definition["spec"]["versions"][0]["subresources"] = {"scale": scale, "status": {}}
    server.call("POST", CRDS, definition)
    server.call("POST", WIDGETS, a_widget(size=3))
    status = {"status": {"ready": 2, "selector": "app=w"}}
    merge = "application/merge-patch+json"
    server.call("PATCH", f"{WIDGETS}/w/status", status, content_type=merge)
    shown = server.call("GET", f"{WIDGETS}/w/scale").body
    assert (shown["spec"], shown["status"]) == ({"replicas": 3}, {"replicas": 2, "selector": "app=w"})
    server.call("PATCH", f"{WIDGETS}/w/scale", {"spec": {"replicas": 4}}, content_type=merge)
    assert server.call("GET", f"{WIDGETS}/w").body["spec"]["size"] == 4


def test_a_deprecated_version_is_warned_of(server):
    definition = copy.deepcopy(CRD)
    definition["spec"]["versions"][0]["deprecated"] = True
    server.call("POST", CRDS, definition)
    created = server.call("POST", WIDGETS, a_widget())
    assert created.headers["Warning"] == '299 - "example.com/v1 Widget is deprecated"'
