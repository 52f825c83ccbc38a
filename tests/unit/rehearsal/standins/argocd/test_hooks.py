"""Resource hooks: when they run, how they are called, when they go, how they end."""

import pytest

from aks_flow.rehearsal.standins.argocd import hooks, names, planning


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
    ("annotations", "phases", "is_hook"),
    [
        ({"helm.sh/hook": "pre-install,pre-upgrade"}, {"PreSync"}, True),
        ({"helm.sh/hook": "post-upgrade"}, {"PostSync"}, True),
        ({"helm.sh/hook": "test"}, set(), True),
        ({"helm.sh/hook": "crd-install"}, set(), False),
        ({"helm.sh/hook": "pre-install", names.HOOK: "PostSync"}, {"PostSync"}, True),
        ({"helm.sh/hook": "pre-install", names.HOOK: "Skip"}, {"PreSync"}, False),
        ({names.HOOK: "PreDelete"}, set(), True),
        ({}, set(), False),
    ],
)
def test_a_chart_s_hook_is_one_unless_it_has_words_of_argo_cd(annotations, phases, is_hook):
    assert hooks.phases(job(annotations)) == phases
    assert hooks.is_hook(job(annotations)) == is_hook


def test_a_chart_s_delete_policies_and_weight_count():
    item = job({"helm.sh/hook-delete-policy": "hook-succeeded", "helm.sh/hook-weight": "-5"})
    assert hooks.policies(item) == {"HookSucceeded"} and planning.wave(item) == -5
    assert planning.wave(job({"helm.sh/hook-weight": "-5", names.SYNC_WAVE: "2"})) == 2


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
