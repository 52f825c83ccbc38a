"""What an Application's status says."""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins import argocd
from aks_flow.rehearsal.standins.argocd import application_status, names
from aks_flow.rehearsal.standins.argocd.application_status import Comparison
from aks_flow.rehearsal.standins.argocd.comparing import Managed
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.argocd.sync_results import SyncResults
from aks_flow.rehearsal.standins.kubernetes.kinds import structural
from aks_flow.rehearsal.standins.kubernetes.patch import merge

NOW, EARLIER = "2026-01-01T12:00:00Z", "2026-01-01T11:00:00Z"
DESTINATION = {"server": "s", "namespace": "a"}
APPLICATION = {
    "metadata": {"name": "app", "namespace": "argocd"},
    "spec": {"source": {"repoURL": "r"}, "destination": DESTINATION, "project": "p"},
}
SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {}}
HOOK = {
    "apiVersion": "batch/v1",
    "kind": "Job",
    "metadata": {"name": "migrate", "namespace": "a", "annotations": {names.HOOK: "PreSync"}},
}
_EXTRA = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "old", "namespace": "a"}}
LOST = Managed(Ref("", "ConfigMap", "a", "old"), None, _EXTRA, names.OUT_OF_SYNC)
THERE = Managed(Ref("", "Service", "a", "web"), SERVICE, SERVICE, names.SYNCED)


def test_a_comparison_is_written_as_argo_cd_does():
    comparison = Comparison("c0ffee", "Kustomize", [THERE])
    assert application_status.compared(APPLICATION, comparison, "", NOW) == {
        "controllerNamespace": "argocd",
        "health": {"status": "Healthy", "lastTransitionTime": NOW},
        "resourceHealthSource": "appTree",
        "resources": [
            {
                "kind": "Service",
                "namespace": "a",
                "name": "web",
                "version": "v1",
                "status": "Synced",
            }
        ],
        "sourceType": "Kustomize",
        "summary": {},
        "sync": {
            "status": "Synced",
            "revision": "c0ffee",
            "comparedTo": {"source": {"repoURL": "r"}, "destination": DESTINATION},
        },
    }


def test_git_that_cannot_be_read_makes_the_state_unknown_and_keeps_the_health():
    comparison = Comparison("", managed=[THERE], errors=((names.COMPARISON_ERROR, "no"),))
    status = application_status.compared(APPLICATION, comparison, "", NOW)
    assert status["sync"]["status"] == "Unknown" and "revision" not in status["sync"]
    assert status["health"]["status"] == "Healthy"
    [condition] = status["conditions"]
    assert condition == {"type": "ComparisonError", "message": "no", "lastTransitionTime": NOW}


def test_a_spec_that_is_not_permitted_makes_everything_unknown():
    comparison = Comparison("", errors=((names.INVALID_SPEC, "no"),))
    status = application_status.compared(APPLICATION, comparison, "", NOW)
    assert (status["sync"]["status"], status["health"]["status"]) == ("Unknown", "Unknown")


def test_a_spec_that_is_not_permitted_any_more_leaves_the_rest_as_it_was():
    before = application_status.compared(
        APPLICATION, Comparison("c0ffee", "Kustomize", [THERE]), "it failed", EARLIER
    )
    comparison = Comparison("", errors=((names.INVALID_SPEC, "no"),))
    status = application_status.compared(APPLICATION | {"status": before}, comparison, "", NOW)
    assert status["sync"] == before["sync"] | {"status": "Unknown"}
    assert status["health"] == {"status": "Unknown", "lastTransitionTime": NOW}
    assert [entry["type"] for entry in status["conditions"]] == ["SyncError", "InvalidSpecError"]
    assert status["resources"] == before["resources"] and status["sourceType"] == "Kustomize"


def test_conditions_and_health_keep_the_time_at_which_they_began():
    before = {
        "health": {"status": "Healthy", "lastTransitionTime": EARLIER},
        "conditions": [{"type": "SyncError", "message": "old", "lastTransitionTime": EARLIER}],
    }
    comparison = Comparison("c0ffee", managed=[THERE], errors=((names.COMPARISON_ERROR, "new"),))
    status = application_status.compared(APPLICATION | {"status": before}, comparison, "old", NOW)
    times = {condition["type"]: condition["lastTransitionTime"] for condition in status["conditions"]}
    assert times == {"ComparisonError": NOW, "SyncError": EARLIER}
    assert status["health"]["lastTransitionTime"] == EARLIER


def test_history_counts_on_and_keeps_the_newest():
    history: list[dict] = []
    for number in range(12):
        history = application_status.history(history, None, {"revision": f"r{number}"})
    assert [entry["id"] for entry in history] == list(range(2, 12))
    assert history[-1] == {"id": 11, "revision": "r11"}
    assert [entry["id"] for entry in application_status.history(history, 3, {"revision": "r"})] == [
        10,
        11,
        12,
    ]
    assert application_status.history(history, 0, {"revision": "r"}) == []


def schema() -> dict:
    file = Path(argocd.__file__).with_name("crds") / "application.yaml"
    [version] = yaml.safe_load(file.read_text())["spec"]["versions"]
    return version["schema"]["openAPIV3Schema"]


def comparison(*errors: tuple[str, str]) -> dict:
    return application_status.compared(
        APPLICATION, Comparison("c0ffee", "Kustomize", [THERE, LOST], errors=errors), "no", NOW
    )


def operation(phase: str, **more) -> dict:
    """A status while a sync is under way, or once it has ended."""
    results = SyncResults()
    results.note(SERVICE | {"metadata": {"name": "web", "namespace": "a"}}, "Synced", "service/web created")
    results.note(HOOK, "", "", is_hook=True)
    results.note(LOST.live, "Pruned", "pruned")
    results.conclude(HOOK, "Succeeded", "done")
    result = {"resources": results.entries, "revision": "c0ffee", "source": {"repoURL": "r"}}
    state = {
        "operation": {"sync": {"revision": "c0ffee", "prune": True}, "initiatedBy": {"automated": True}},
        "phase": phase,
        "message": "m",
        "startedAt": EARLIER,
        "syncResult": result,
    }
    return {"operationState": state | more}


def deployed() -> dict:
    entry = {"revision": "c0ffee", "source": {"repoURL": "r"}, "deployedAt": NOW}
    return {"history": application_status.history([], None, entry)}


# A status that the controller writes.
STATUSES = {
    "compared": comparison(),
    "git cannot be read": comparison((names.COMPARISON_ERROR, "no")),
    "not permitted": comparison((names.INVALID_SPEC, "no")),
    "a sync that runs": operation("Running"),
    "a sync that is ended": operation("Terminating"),
    "a sync that failed": operation("Failed", finishedAt=NOW, retryCount=2),
    "a sync that succeeded": operation("Succeeded", finishedAt=NOW),
    "a history": deployed(),
}


@pytest.mark.parametrize("status", STATUSES.values(), ids=STATUSES)
def test_a_status_fits_the_crd(status):
    item = deepcopy(APPLICATION | {"status": status})
    assert structural.prune(schema(), item) == []
    assert list(structural.check(schema(), item)) == []


_VALUES = st.recursive(
    st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.text(max_size=2), inner, max_size=3),
)
_OBJECTS = st.dictionaries(st.text(max_size=2), _VALUES, max_size=4)


@given(_OBJECTS, _OBJECTS)
def test_the_changes_of_two_objects_make_the_one_the_other(before, after):
    assert merge.apply(before, application_status.changes(before, after)) == after
    assert application_status.changes(after, after) == {}
