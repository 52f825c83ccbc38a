"""What an Application's status says."""

from hypothesis import given
from hypothesis import strategies as st

from aks_flow.rehearsal.standins.argocd import application_status, names
from aks_flow.rehearsal.standins.argocd.application_status import Comparison
from aks_flow.rehearsal.standins.argocd.comparing import Managed
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.kubernetes.patch import merge

NOW, EARLIER = "2026-01-01T12:00:00Z", "2026-01-01T11:00:00Z"
DESTINATION = {"server": "s", "namespace": "a"}
APPLICATION = {
    "metadata": {"name": "app", "namespace": "argocd"},
    "spec": {"source": {"repoURL": "r"}, "destination": DESTINATION, "project": "p"},
}
SERVICE = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": {}}
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


_VALUES = st.recursive(
    st.integers() | st.text(max_size=3) | st.lists(st.integers(), max_size=2),
    lambda inner: st.dictionaries(st.text(max_size=2), inner, max_size=3),
)
_OBJECTS = st.dictionaries(st.text(max_size=2), _VALUES, max_size=4)


@given(_OBJECTS, _OBJECTS)
def test_the_changes_of_two_objects_make_the_one_the_other(before, after):
    assert merge.apply(before, application_status.changes(before, after)) == after
    assert application_status.changes(after, after) == {}
