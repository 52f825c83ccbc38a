"""Waves and hooks of manifests that nobody here wrote."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.core.errors import AksFlowError
from aks_flow.manifests import render, sync_waves
from aks_flow.manifests.sync_waves import ManifestDocument

WORDS = {"wave": sync_waves.WAVE, "hook": sync_waves.HOOK, "policy": sync_waves.DELETE_POLICY}


def document(item):
    return ManifestDocument(json.dumps(item) + "\n", item)


def thing(name, kind="ConfigMap", **notes):
    annotations = {WORDS[key]: text for key, text in notes.items()}
    return document({"kind": kind, "metadata": {"name": name, "annotations": annotations}})


def names(waves):
    return [
        (wave.number, [document.object["metadata"]["name"] for document in wave.documents]) for wave in waves
    ]


def test_waves_go_from_low_to_high_and_keep_the_manifest_s_order_inside():
    ordered = sync_waves.order([thing("c", wave="1"), thing("b"), thing("a"), thing("d", wave="-5")])
    assert names(ordered.waves) == [(-5, ["d"]), (0, ["b", "a"]), (1, ["c"])]


def test_without_annotations_there_is_one_wave():
    bare = document({"kind": "Service", "metadata": {"name": "a"}})
    empty = document({"kind": "Service", "metadata": {"name": "b", "annotations": None}})
    assert names(sync_waves.order([bare, empty]).waves) == [(0, ["a", "b"])]


def test_hooks_before_a_sync_come_apart_in_waves_of_their_own():
    ordered = sync_waves.order(
        [thing("migrate", "Job", hook="PreSync", wave="2"), thing("web"), thing("wait", hook="PreSync")]
    )
    assert names(ordered.before) == [(0, ["wait"]), (2, ["migrate"])]
    assert names(ordered.waves) == [(0, ["web"])]


def test_hooks_after_a_sync_come_apart_in_waves_of_their_own():
    ordered = sync_waves.order(
        [
            thing("smoke", "Job", hook="PostSync", wave="2"),
            thing("web"),
            thing("warm", "Job", hook="PostSync"),
        ]
    )
    assert names(ordered.after) == [(0, ["warm"]), (2, ["smoke"])]
    assert names(ordered.waves) == [(0, ["web"])] and not ordered.before


def test_an_object_of_both_phases_runs_before_and_after():
    ordered = sync_waves.order([thing("x", hook="PreSync, PostSync")])
    assert names(ordered.before) == names(ordered.after) == [(0, ["x"])]
    assert not ordered.waves and not ordered.left_out


CHARTS = {
    "before": ({"hook": "pre-install,pre-upgrade", "weight": "-5"}, ([(-5, ["x"])], [], [])),
    "after": ({"hook": "post-upgrade", "weight": "1"}, ([], [], [(1, ["x"])])),
    "a chart's test": ({"hook": "test"}, ([], [], [])),
    "an old definition": ({"hook": "crd-install"}, ([], [(0, ["x"])], [])),
}


@pytest.mark.parametrize(("notes", "parts"), CHARTS.values(), ids=CHARTS)
def test_a_chart_s_hooks_are_read_as_argo_cd_reads_them(notes, parts):
    words = {"hook": sync_waves.HELM_HOOK, "weight": sync_waves.HELM_WEIGHT}
    annotations = {words[key]: text for key, text in notes.items()}
    ordered = sync_waves.order(
        [document({"kind": "Job", "metadata": {"name": "x", "annotations": annotations}})]
    )
    assert (names(ordered.before), names(ordered.waves), names(ordered.after)) == parts
    assert bool(ordered.left_out) == (not any(parts))


def test_argo_cd_s_own_words_go_before_a_chart_s():
    annotations = {sync_waves.HOOK: "PostSync", sync_waves.HELM_HOOK: "pre-install"}
    hook = document({"kind": "Job", "metadata": {"name": "x", "annotations": annotations}})
    assert hook.phases == ["PostSync"]


def test_a_chart_s_delete_policy_is_read_too():
    annotations = {sync_waves.HELM_POLICY: "before-hook-creation, hook-succeeded"}
    hook = document({"kind": "Job", "metadata": {"name": "x", "annotations": annotations}})
    assert hook.policies == {"BeforeHookCreation", "HookSucceeded"}


@pytest.mark.parametrize("phase", ["SyncFail", "Skip", "Sync", "PreDelete"])
def test_hooks_of_other_phases_are_named_and_neither_run_nor_delivered(phase):
    ordered = sync_waves.order([thing("notify", "Job", hook=phase)])
    assert [document.ref for document in ordered.left_out] == ["job/notify"]
    assert not ordered.before and not ordered.waves


def test_a_wave_that_is_no_number_is_named():
    with pytest.raises(AksFlowError, match="configmap/a: a wave is a number, not 'first'"):
        sync_waves.order([thing("a", wave="first")])


def test_a_pod_cannot_be_a_hook():
    with pytest.raises(AksFlowError, match="pod/a: a hook that runs is a Job, not a Pod. Make it a Job"):
        sync_waves.order([thing("a", "Pod", hook="PreSync")])


def test_delete_policies_are_a_set_of_words():
    assert thing("a", policy="HookSucceeded, HookFailed").policies == {"HookSucceeded", "HookFailed"}
    assert "HookSucceeded" not in thing("a").policies


def test_a_hook_with_a_generated_name_is_called_by_its_beginning():
    assert document({"kind": "Job", "metadata": {"generateName": "migrate-"}}).ref == "job/migrate-"


@given(st.lists(st.integers(-3, 3)))
def test_every_document_is_in_one_wave_and_waves_rise(numbers):
    documents = [thing(f"n{at}", wave=str(number)) for at, number in enumerate(numbers)]
    waves = sync_waves.order(documents).waves
    assert [wave.number for wave in waves] == sorted(set(numbers))
    assert sorted(document.ref for wave in waves for document in wave.documents) == sorted(
        document.ref for document in documents
    )


def test_a_manifest_s_documents_keep_every_byte():
    texts = ["kind: A\nmetadata: {name: x}\n", "kind: B\nmetadata:\n  name: y # noted\ntext: |\n  ---\n"]
    documents = render.documents("---\n".join(texts))
    assert [document.text for document in documents] == texts and [
        document.ref for document in documents
    ] == ["a/x", "b/y"]
    assert sync_waves.together(documents) == "---\n".join(texts)
