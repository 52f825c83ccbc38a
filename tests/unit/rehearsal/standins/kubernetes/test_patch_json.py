"""Merge patches (RFC 7386) and JSON patches (RFC 6902)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes import patch
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds

KEYS = st.sampled_from("abc")
SCALARS = st.one_of(st.booleans(), st.integers(), st.text(max_size=3), st.lists(st.integers(), max_size=2))
OBJECTS = st.recursive(
    st.dictionaries(KEYS, SCALARS, max_size=3),
    lambda inner: st.dictionaries(KEYS, st.one_of(SCALARS, inner), max_size=3),
)


def merge(current: dict, change: object) -> dict:
    return patch.apply(patch.MERGE_PATCH, kinds.CONFIG_MAP, current, change)


def operations(current: dict, *changes: dict) -> dict:
    return patch.apply(patch.JSON_PATCH, kinds.CONFIG_MAP, current, list(changes))


def merge_diff(before: dict, after: dict) -> dict:
    difference: dict = {key: None for key in before if key not in after}
    for key, value in after.items():
        if isinstance(value, dict) and isinstance(before.get(key), dict):
            difference[key] = merge_diff(before[key], value)
        elif key not in before or before[key] != value or type(before[key]) is not type(value):
            difference[key] = value
    return difference


@pytest.mark.parametrize(
    ("current", "change", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": ["b"]}, {"a": ["c"]}, {"a": ["c"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": "c"}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_a_merge_patch_follows_the_examples_of_the_standard(current, change, result):
    assert merge(current, change) == result


@given(OBJECTS, OBJECTS)
def test_the_difference_of_two_objects_turns_one_into_the_other(before, after):
    assert merge(before, merge_diff(before, after)) == after


def test_json_patch_operations_apply_in_order():
    result = operations(
        {"data": {"a": "1"}},
        {"op": "test", "path": "/data/a", "value": "1"},
        {"op": "add", "path": "/data/b~1c", "value": "2"},
        {"op": "remove", "path": "/data/a"},
    )
    assert result == {"data": {"b/c": "2"}}


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "test", "path": "/data/a", "value": "2"},
        {"op": "remove", "path": "/data/missing"},
        {"op": "add", "path": "/missing/deep", "value": 1},
        {"op": "nonsense", "path": "/data"},
    ],
)
def test_an_operation_that_does_not_fit_is_unprocessable_and_changes_nothing(operation):
    current = {"data": {"a": "1"}}
    with pytest.raises(StatusError) as refusal:
        operations(current, {"op": "add", "path": "/data/b", "value": "x"}, operation)
    assert refusal.value.code == 422
    assert current == {"data": {"a": "1"}}


@pytest.mark.parametrize(
    ("content_type", "body"),
    [(patch.JSON_PATCH, {"a": 1}), (patch.MERGE_PATCH, [1]), (patch.STRATEGIC_MERGE_PATCH, [])],
)
def test_a_body_of_the_wrong_shape_is_a_bad_request(content_type, body):
    with pytest.raises(StatusError) as refusal:
        patch.apply(content_type, kinds.POD, {}, body)
    assert refusal.value.code == 400


def test_an_unknown_type_of_patch_names_the_types_that_are_known():
    with pytest.raises(StatusError) as refusal:
        patch.apply("text/plain", kinds.POD, {}, {})
    assert refusal.value.code == 415
    assert "application/strategic-merge-patch+json" in refusal.value.message
