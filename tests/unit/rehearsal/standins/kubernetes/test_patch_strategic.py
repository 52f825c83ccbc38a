"""Strategic merge patches: recorded ones, each rule by example, and round trips of random objects."""

import json
from copy import deepcopy
from functools import reduce
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.kubernetes import patch
from aks_flow.rehearsal.standins.kubernetes.apimachinery.status import StatusError
from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.patch import ordering

DATA = Path(__file__).parent / "data"
KINDS = kinds.builtin()


def cases(name: str):
    return [pytest.param(case, id=case["name"]) for case in json.loads((DATA / f"{name}.json").read_text())]


def nested(path: str, value: object) -> dict:
    return reduce(lambda inner, key: {key: inner}, reversed(path.split(".")), value)


@pytest.mark.parametrize("case", cases("patch_recorded"))
def test_a_recorded_patch_gives_the_recorded_object(case):
    kind = KINDS.by_kind(case["current"]["apiVersion"], case["current"]["kind"])
    assert patch.apply(case["content_type"], kind, case["current"], case["patch"]) == case["result"]


@pytest.mark.parametrize("case", cases("patch_strategic"))
def test_a_strategic_patch_follows_the_rule(case):
    current, change = nested(case["path"], case["current"]), nested(case["path"], case["patch"])
    untouched = deepcopy(current)
    result = patch.apply(patch.STRATEGIC_MERGE_PATCH, kinds.POD, current, change)
    assert result == nested(case["path"], case["result"])
    assert current == untouched


@pytest.mark.parametrize("case", cases("patch_ordering"))
def test_a_merged_list_has_the_order_asked_for(case):
    assert ordering.arrange(case["merged"], case["before"], case["order"], "") == case["result"]


def test_an_order_alone_rearranges_the_containers():
    current = {"spec": {"containers": [{"name": "a"}, {"name": "b"}]}}
    change = {"spec": {"$setElementOrder/containers": [{"name": "b"}, {"name": "a"}]}}
    result = patch.apply(patch.STRATEGIC_MERGE_PATCH, kinds.POD, current, change)
    assert [container["name"] for container in result["spec"]["containers"]] == ["b", "a"]


def test_a_deletion_list_takes_values_out_of_a_list_of_scalars():
    change = {"metadata": {"$deleteFromPrimitiveList/finalizers": ["b"]}}
    current = {"metadata": {"finalizers": ["a", "b"]}}
    assert patch.apply(patch.STRATEGIC_MERGE_PATCH, kinds.POD, current, change) == {
        "metadata": {"finalizers": ["a"]}
    }


@pytest.mark.parametrize("containers", [[{"image": "a:1"}], ["a"]])
def test_a_list_item_without_its_merge_key_is_refused(containers):
    change = {"spec": {"containers": containers}}
    with pytest.raises(StatusError) as refusal:
        patch.apply(patch.STRATEGIC_MERGE_PATCH, kinds.POD, {"spec": {"containers": [{"name": "a"}]}}, change)
    assert refusal.value.code == 400


def test_a_custom_kind_takes_no_strategic_patch():
    custom = kinds.Kind("argoproj.io", "v1alpha1", "Application", "applications", "application", schema={})
    with pytest.raises(StatusError) as refusal:
        patch.apply(patch.STRATEGIC_MERGE_PATCH, custom, {}, {})
    assert refusal.value.code == 415


NAMES = st.lists(st.sampled_from("abcdef"), unique=True)
CONTAINERS = NAMES.flatmap(
    lambda names: st.tuples(
        *(st.tuples(st.just(name), st.sampled_from(["x:1", "x:2", None])) for name in names)
    )
).map(lambda pairs: [{"name": name} | ({"image": image} if image else {}) for name, image in pairs])


def strategic_diff(before: list[dict], after: list[dict]) -> dict:
    """The patch that kubectl would send to turn one list of containers into the other."""
    old, new = ({item["name"]: item for item in items} for items in (before, after))
    changes = [
        item | ({"image": None} if "image" in old.get(name, {}) and "image" not in item else {})
        for name, item in new.items()
    ]
    deletions = [{"name": name, "$patch": "delete"} for name in old if name not in new]
    order = [{"name": item["name"]} for item in after]
    return {"spec": {"$setElementOrder/containers": order, "containers": changes + deletions}}


@given(CONTAINERS, CONTAINERS)
def test_the_difference_of_two_lists_turns_one_into_the_other(before, after):
    current = {"spec": {"containers": before}}
    result = patch.apply(patch.STRATEGIC_MERGE_PATCH, kinds.POD, current, strategic_diff(before, after))
    assert result["spec"]["containers"] == after


@given(CONTAINERS, CONTAINERS)
def test_a_strategic_patch_applied_twice_changes_nothing_more(before, after):
    change = strategic_diff(before, after)
    once = patch.apply(patch.STRATEGIC_MERGE_PATCH, kinds.POD, {"spec": {"containers": before}}, change)
    assert patch.apply(patch.STRATEGIC_MERGE_PATCH, kinds.POD, once, change) == once
