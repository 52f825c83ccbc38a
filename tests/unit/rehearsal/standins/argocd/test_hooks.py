"""Resource hooks: when they run, how they are called, when they go, how they end."""

import pytest

from aks_flow.rehearsal.standins.argocd import hooks, names


def job(annotations: dict | None = None, conditions: tuple[str, ...] = (), **metadata: str) -> dict:
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"annotations": annotations or {}, **(metadata or {"name": "migrate"})},
        "spec": {},
        "status": {"conditions": [{"type": kind, "status": "True"} for kind in conditions]},
    }


@pytest.mark.parametrize(
    ("text", "phases"),
    [
        ("", set()),
        ("PreSync", {"PreSync"}),
        ("PreSync, PostSync", {"PreSync", "PostSync"}),
        ("SyncFail", {"SyncFail"}),
        ("Skip", set()),
        ("presync", set()),
    ],
)
def test_a_hook_has_the_phases_that_it_names(text, phases):
    assert hooks.phases(job({names.HOOK: text})) == phases


def test_an_object_may_be_skipped():
    assert hooks.is_skipped(job({names.HOOK: "Skip"})) and not hooks.is_skipped(job())


@pytest.mark.parametrize(
    ("text", "policies"),
    [
        ("", {"BeforeHookCreation"}),
        ("HookSucceeded", {"HookSucceeded"}),
        ("HookSucceeded,HookFailed", {"HookSucceeded", "HookFailed"}),
        ("Whenever", {"BeforeHookCreation"}),
    ],
)
def test_a_hook_is_deleted_by_its_policies(text, policies):
    assert hooks.policies(job({names.HOOK_DELETE_POLICY: text})) == policies


def test_a_hook_without_a_name_gets_one_that_is_the_same_in_every_attempt():
    hook = hooks.prepared(job(generateName="migrate-"), "PreSync", "c0ffee1234567", 1700000000)
    assert hook["metadata"] == {"annotations": {}, "name": "migrate-c0ffee1-presync-1700000000"}
    assert hooks.prepared(job(), "PreSync", "c0ffee1234567", 1)["metadata"]["name"] == "migrate"


@pytest.mark.parametrize(
    ("live", "ends"),
    [
        (None, None),
        (job(), None),
        (job(conditions=("Complete",)), "Healthy"),
        (job(conditions=("Failed",)), "Degraded"),
        (job(conditions=("Suspended",)), None),
        ({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "note"}}, "Healthy"),
    ],
)
def test_a_hook_ends_well_or_badly_or_runs(live, ends):
    outcome = hooks.outcome(live)
    assert (outcome.status if outcome else None) == ends
