"""The order of a sync, what it takes away, and when it is tried again."""

import pytest

from aks_flow.rehearsal.standins.argocd import names, object_refs, planning, retrying
from aks_flow.rehearsal.standins.argocd.comparing import Managed


def item(kind: str, name: str, **annotations: str) -> dict:
    metadata = {"name": name, "namespace": "a", "annotations": annotations}
    return {"apiVersion": "v1", "kind": kind, "metadata": metadata}


def in_wave(kind: str, name: str, wave: str) -> dict:
    return item(kind, name, **{names.SYNC_WAVE: wave})


def hook(name: str, phase: str, wave: str = "0") -> dict:
    return item("Job", name, **{names.HOOK: phase, names.SYNC_WAVE: wave})


def shown(steps: list[planning.SyncStep]) -> list[str]:
    """``Sync 0: -gone web`` for each step: what goes, then what is made."""
    return [
        " ".join(
            [
                f"{step.phase} {step.wave}:",
                *(f"-{removal.live['metadata']['name']}" for removal in step.removals),
                *(made["metadata"]["name"] for made in (*step.hooks, *step.objects)),
            ]
        )
        for step in steps
    ]


def gone(*lives: dict) -> list[planning.Removal]:
    return [planning.Removal(live) for live in lives]


LAST = {names.SYNC_OPTIONS: "PruneLast=true"}
# What git wants, its hooks, what it no longer has -> the steps of the sync.
SYNCS = {
    "what others need comes first": (
        [item("Deployment", "d"), item("Recipe", "r"), item("Namespace", "n"), item("ConfigMap", "c")],
        [],
        [],
        ["Sync 0: n c d r"],
    ),
    "waves follow their numbers": (
        [in_wave("Deployment", "last", "5"), item("Deployment", "plain"), in_wave("Job", "first", "-1")],
        [],
        [],
        ["Sync -1: first", "Sync 0: plain", "Sync 5: last"],
    ),
    "what is gone goes before what is made": (
        [item("ConfigMap", "new"), in_wave("Deployment", "web", "1")],
        [],
        gone(item("ConfigMap", "old")),
        ["Sync 0: -old new", "Sync 1: web"],
    ),
    "removals go in reverse waves": (
        [item("ConfigMap", "new")],
        [],
        gone(item("Service", "s"), in_wave("Deployment", "d", "1"), in_wave("Ingress", "i", "2")),
        ["Sync 0: -i new", "Sync 1: -d", "Sync 2: -s"],
    ),
    "removals alone in one wave stay in it": (
        [item("ConfigMap", "new")],
        [],
        gone(in_wave("Deployment", "d", "3")),
        ["Sync 0: new", "Sync 3: -d"],
    ),
    "the last applied of a wave is removed first": (
        [],
        [],
        gone(item("Namespace", "n"), item("Deployment", "d"), item("ConfigMap", "c")),
        ["Sync 0: -d -c -n"],
    ),
    "removals in one wave with what is made": (
        [in_wave("Deployment", "web", "1")],
        [],
        gone(in_wave("Service", "old", "1")),
        ["Sync 1: -old web"],
    ),
    "removals below zero come last": (
        [item("ConfigMap", "new")],
        [],
        gone(in_wave("ConfigMap", "a", "-2"), in_wave("ConfigMap", "b", "4")),
        ["Sync -2: -b", "Sync 0: new", "Sync 4: -a"],
    ),
    "removals of one wave swap with none": (
        [in_wave("Deployment", "web", "2")],
        [],
        gone(in_wave("Service", "s", "0"), in_wave("Ingress", "i", "0"), in_wave("Job", "j", "1")),
        ["Sync 0: -j", "Sync 1: -i -s", "Sync 2: web"],
    ),
    "hooks come before what goes": (
        [],
        [hook("migrate", "PreSync"), hook("smoke", "PostSync")],
        gone(item("ConfigMap", "old")),
        ["PreSync 0: migrate", "Sync 0: -old", "PostSync 0: smoke"],
    ),
    "what goes last has its place among the reversed waves nevertheless": (
        [in_wave("Deployment", "web", "7")],
        [],
        gone(item("ConfigMap", "a", **LAST), in_wave("Secret", "b", "3")),
        ["Sync 0: -b", "Sync 7: web", "Sync 8: -a"],
    ),
    "an object may ask to go last": (
        [in_wave("Deployment", "web", "1")],
        [],
        gone(item("ConfigMap", "old", **LAST)),
        ["Sync 1: web", "Sync 2: -old"],
    ),
    "hooks have phases": (
        [item("Deployment", "web")],
        [hook("smoke", "PostSync"), hook("migrate", "PreSync"), hook("beside", "Sync")],
        [],
        ["PreSync 0: migrate", "Sync 0: beside web", "PostSync 0: smoke"],
    ),
    "hooks have waves in their phase": (
        [item("Deployment", "web")],
        [hook("second", "PreSync", "1"), hook("first", "PreSync", "-1")],
        [],
        ["PreSync -1: first", "PreSync 1: second", "Sync 0: web"],
    ),
    "a hook for a failed sync is not among them": (
        [item("Deployment", "web")],
        [hook("tell", "SyncFail")],
        [],
        ["Sync 0: web"],
    ),
}


@pytest.mark.parametrize(("targets", "made", "removals", "steps"), SYNCS.values(), ids=SYNCS)
def test_a_sync_has_its_order(targets, made, removals, steps):
    assert shown(planning.steps(targets, made, removals)) == steps


def test_an_application_may_ask_to_prune_last():
    steps = planning.steps([item("ConfigMap", "new")], [], gone(item("ConfigMap", "old")), prune_last=True)
    assert shown(steps) == ["Sync 0: new", "Sync 1: -old"]


def test_what_a_person_must_agree_to_is_named():
    asked = item("Namespace", "n", **{names.SYNC_OPTIONS: "Prune=confirm"})
    [step] = planning.steps([], [], gone(asked, item("ConfigMap", "c")))
    assert planning.to_be_confirmed(step) == [asked]


def test_a_wave_that_is_no_number_is_the_first_of_all():
    assert planning.wave(in_wave("Job", "odd", "soon")) == 0


def extra(*options: str) -> Managed:
    live = item("ConfigMap", "extra", **{names.SYNC_OPTIONS: ",".join(options)})
    return Managed(object_refs.of(live), None, live, names.OUT_OF_SYNC)


# An object that git no longer has, whether the sync prunes -> why it stays, "" if it goes.
EXTRAS = {
    "a sync that prunes": (extra(), True, ""),
    "a sync that does not": (extra(), False, "ignored (requires pruning)"),
    "an object that stays": (extra("Prune=false"), True, "ignored (no prune)"),
    "an object that stays, and no pruning": (extra("Prune=false"), False, "ignored (requires pruning)"),
    "one of several options": (extra("Validate=false", " Prune=false"), True, "ignored (no prune)"),
    "an object that goes last": (extra("PruneLast=true"), True, ""),
    "an object that a person agrees to": (extra("Prune=confirm"), True, ""),
}


@pytest.mark.parametrize(("managed", "prune", "kept"), EXTRAS.values(), ids=EXTRAS)
def test_an_extra_object_goes_if_it_may(managed, prune, kept):
    assert [removal.kept for removal in planning.removals([managed], prune)] == [kept]


def test_what_git_still_has_is_never_removed():
    there = item("ConfigMap", "there")
    assert planning.removals([Managed(object_refs.of(there), there, there, names.OUT_OF_SYNC)], True) == []


def test_an_operation_that_names_resources_is_about_those_alone():
    first, second = (
        Managed(object_refs.of(live), live, live, names.SYNCED) for live in (item("A", "x"), item("B", "y"))
    )
    assert planning.chosen([first, second], []) == [first, second]
    assert planning.chosen([first, second], [{"kind": "B", "name": "y", "namespace": "a"}]) == [second]
    assert planning.chosen([first, second], [{"kind": "B", "name": "y"}]) == [second]
    assert planning.chosen([first, second], [{"kind": "B", "name": "y", "namespace": "b"}]) == []


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
