"""The order of a sync, what it takes away, and when it is tried again."""

import pytest

from aks_flow.rehearsal.standins.argocd import names, object_refs, planning, retrying
from aks_flow.rehearsal.standins.argocd.comparing import Managed


def item(kind: str, name: str, **annotations: str) -> dict:
    metadata = {"name": name, "namespace": "a", "annotations": annotations}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata}


def in_wave(kind: str, name: str, wave: str) -> dict:
    return item(kind, name, **{names.SYNC_WAVE: wave})


def shown(waves: list[list[dict]]) -> list[list[str]]:
    return [[manifest["metadata"]["name"] for manifest in wave] for wave in waves]


def test_what_others_need_comes_first():
    targets = [item("Deployment", "d"), item("Recipe", "r"), item("Namespace", "n"), item("ConfigMap", "c")]
    assert shown(planning.waves(targets)) == [["n", "c", "d", "r"]]


def test_waves_follow_their_numbers():
    targets = [in_wave("Deployment", "last", "5"), item("Deployment", "plain"), in_wave("Job", "first", "-1")]
    assert shown(planning.waves(targets)) == [["first"], ["plain"], ["last"]]


def test_a_wave_that_is_no_number_is_the_first_of_all():
    assert planning.wave(in_wave("Job", "odd", "soon")) == 0


def extra(*options: str) -> Managed:
    live = item("ConfigMap", "extra", **{names.SYNC_OPTIONS: ",".join(options)})
    return Managed(object_refs.of(live), None, live, names.OUT_OF_SYNC)


@pytest.mark.parametrize(
    ("managed", "prune", "kept"),
    [
        (extra(), True, ""),
        (extra(), False, "ignored (requires pruning)"),
        (extra("Prune=false"), True, "ignored (no prune)"),
        (extra("Validate=false", " Prune=false"), True, "ignored (no prune)"),
    ],
)
def test_an_extra_object_goes_if_it_may(managed, prune, kept):
    assert [removal.kept for removal in planning.removals([managed], prune)] == [kept]


def test_what_git_still_has_is_never_removed():
    there = item("ConfigMap", "there")
    assert planning.removals([Managed(object_refs.of(there), there, there, names.OUT_OF_SYNC)], True) == []


def test_what_was_applied_last_is_removed_first():
    managed = [
        Managed(object_refs.of(live), None, live, names.OUT_OF_SYNC)
        for live in (item("Namespace", "n"), item("Deployment", "d"), item("ConfigMap", "c"))
    ]
    assert [removal.live["metadata"]["name"] for removal in planning.removals(managed, True)] == [
        "d",
        "c",
        "n",
    ]


def test_an_operation_that_names_resources_is_about_those_alone():
    first, second = (
        Managed(object_refs.of(live), live, live, names.SYNCED) for live in (item("A", "x"), item("B", "y"))
    )
    assert planning.chosen([first, second], []) == [first, second]
    assert planning.chosen([first, second], [{"kind": "B", "name": "y", "namespace": "a"}]) == [second]


@pytest.mark.parametrize(
    ("retry", "done", "delay"),
    [
        ({}, 0, None),
        ({"limit": 2}, 0, 5),
        ({"limit": 2}, 1, 10),
        ({"limit": 2}, 2, None),
        ({"limit": -1}, 20, 180),
        ({"limit": 9, "backoff": {"duration": "1m30s", "factor": 3, "maxDuration": "1h"}}, 1, 270),
        ({"limit": 9, "backoff": {"duration": "2", "maxDuration": "3s"}}, 5, 3),
    ],
)
def test_a_failed_sync_is_tried_again_with_growing_pauses(retry, done, delay):
    assert retrying.delay(retry, done) == delay
