"""Waves and hooks of manifests that nobody here wrote."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts import order
from scripts.errors import AksFlowError


def thing(name, kind="ConfigMap", **notes):
    words = {"wave": order.WAVE, "hook": order.HOOK, "policy": order.DELETE_POLICY}
    annotations = {words[key]: text for key, text in notes.items()}
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "annotations": annotations}}


def names(waves):
    return [(wave.number, [item["metadata"]["name"] for item in wave.objects]) for wave in waves]


def test_waves_go_from_low_to_high_and_keep_the_manifest_s_order_inside():
    found = order.order([thing("c", wave="1"), thing("b"), thing("a"), thing("d", wave="-5")])
    assert names(found.waves) == [(-5, ["d"]), (0, ["b", "a"]), (1, ["c"])]


def test_without_annotations_there_is_one_wave():
    bare = {"kind": "Service", "metadata": {"name": "a"}}
    empty = {"kind": "Service", "metadata": {"name": "b", "annotations": None}}
    assert names(order.order([bare, empty]).waves) == [(0, ["a", "b"])]


def test_hooks_before_a_sync_come_apart_in_waves_of_their_own():
    objects = [thing("migrate", "Job", hook="PreSync", wave="2"), thing("web"), thing("wait", hook="PreSync")]
    found = order.order(objects)
    assert names(found.before) == [(0, ["wait"]), (2, ["migrate"])]
    assert names(found.waves) == [(0, ["web"])]


def test_an_object_of_several_phases_runs_before():
    assert names(order.order([thing("x", hook="PreSync, PostSync")]).before) == [(0, ["x"])]


@pytest.mark.parametrize("phase", ["PostSync", "SyncFail", "Skip", "Sync", "PreDelete"])
def test_hooks_of_other_phases_are_named_and_neither_run_nor_delivered(phase):
    found = order.order([thing("notify", "Job", hook=phase)])
    assert [order.ref(item) for item in found.left_out] == ["job/notify"]
    assert not found.before and not found.waves


def test_a_wave_that_is_no_number_is_named():
    with pytest.raises(AksFlowError, match="configmap/a: a wave is a number, not 'first'"):
        order.order([thing("a", wave="first")])


def test_delete_policies_are_a_set_of_words():
    assert order.goes_when(thing("a", policy="HookSucceeded, HookFailed")) >= {"HookSucceeded", "HookFailed"}
    assert "HookSucceeded" not in order.goes_when(thing("a"))


def test_a_hook_with_a_generated_name_is_called_by_its_beginning():
    assert order.ref({"kind": "Job", "metadata": {"generateName": "migrate-"}}) == "job/migrate-"


@given(st.lists(st.integers(-3, 3)))
def test_every_object_is_in_one_wave_and_waves_rise(numbers):
    objects = [thing(f"n{at}", wave=str(number)) for at, number in enumerate(numbers)]
    waves = order.order(objects).waves
    assert [wave.number for wave in waves] == sorted(set(numbers))
    delivered = [item for wave in waves for item in json.loads(wave.manifest)["items"]]
    assert sorted(map(order.ref, delivered)) == sorted(map(order.ref, objects))
