"""Unknown fields and wrong types, in the words of a standard server."""

import json
from copy import deepcopy
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes import defaults, patch, schema
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds, versions
from aks_flow.rehearsal.standins.kubernetes.kinds.kinds import Kind

DATA = Path(__file__).parent / "data"
BY_NAME = {kind.kind: kind for kind in kinds.BUILTIN if versions.hub(kind) == kind}
KINDS = kinds.builtin()


def cases(name: str):
    return [pytest.param(case, id=case["name"]) for case in json.loads((DATA / f"{name}.json").read_text())]


@pytest.mark.parametrize("case", cases("schema_faults"))
def test_a_new_object_with_a_faulty_field_is_a_bad_request(case):
    kind = BY_NAME[case["kind"]]
    with pytest.raises(StatusError) as refusal:
        schema.strict(kind, case["object"], "Strict")
    lead = f'{kind.kind} in version "v1" cannot be handled as a {kind.kind}: '
    assert (refusal.value.code, refusal.value.message) == (400, lead + case["message"])


@pytest.mark.parametrize("case", cases("schema_patches"))
def test_a_recorded_patch_with_a_faulty_field_gets_the_recorded_refusal(case):
    item = patch.apply(patch.STRATEGIC_MERGE_PATCH, kinds.DEPLOYMENT, case["current"], case["patch"])
    with pytest.raises(StatusError) as refusal:
        schema.strict(kinds.DEPLOYMENT, item, "Strict", case["patch"])
    assert refusal.value.body() == case["refusal"]


def test_another_patch_with_a_faulty_field_is_refused_with_what_it_leaves():
    item = {"data": {"a": 1}}
    with pytest.raises(StatusError) as refusal:
        schema.strict(kinds.CONFIG_MAP, item, "Strict", json.dumps(item))
    assert refusal.value.code == 422
    assert refusal.value.message == (
        ' "" is invalid: patch: Invalid value: "{\\"data\\": {\\"a\\": 1}}": '
        "json: cannot unmarshal number into Go struct field ConfigMap.data of type string"
    )


@pytest.mark.parametrize(("mode", "warnings"), [("Warn", ['unknown field "spec.x"']), ("Ignore", [])])
def test_a_client_can_ask_for_warnings_or_for_silence(mode, warnings):
    assert schema.strict(kinds.POD, {"spec": {"x": 1}}, mode) == warnings


def test_a_wrong_type_is_refused_even_in_silence():
    with pytest.raises(StatusError):
        schema.strict(kinds.POD, {"spec": 1}, "Ignore")


def test_a_custom_object_is_held_to_its_definition():
    fields = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"a": {}}}}}
    custom = Kind("example.com", "v1", "Thing", "things", "thing", schema=fields)
    item = {"apiVersion": "example.com/v1", "kind": "Thing", "metadata": {}, "spec": {"a": 1, "b": 2}}
    assert schema.strict(custom, item, "Warn") == ['unknown field "spec.b"']
    assert item["spec"] == {"a": 1, "b": 2}


@pytest.mark.parametrize("name", ["patch_recorded", "defaults_recorded"])
def test_every_recorded_object_is_good(name):
    for case in json.loads((DATA / f"{name}.json").read_text()):
        kind = KINDS.by_kind(case["result"]["apiVersion"], case["result"]["kind"])
        assert schema.strict(kind, case["result"], "Strict") == []


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
)
FIELDS = st.sampled_from(
    ["spec", "template", "containers", "ports", "data", "selector", "metadata", "volumes"]
)
TREES = st.recursive(
    st.dictionaries(FIELDS, JSON, max_size=2),
    lambda inner: st.dictionaries(FIELDS, st.one_of(inner, st.lists(inner, max_size=2)), max_size=2),
)


@given(st.sampled_from(kinds.BUILTIN), TREES)
def test_any_object_is_either_refused_or_completed(kind, item):
    item = deepcopy(item)
    try:
        schema.strict(kind, item, "Warn")
    except StatusError as refusal:
        assert refusal.code == 400
    else:
        defaults.apply(kind, item | {"metadata": item.get("metadata") or {}})
