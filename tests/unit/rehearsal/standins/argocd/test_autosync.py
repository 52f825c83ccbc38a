"""When a sync is started without being asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from aks_flow.rehearsal.standins.argocd import autosync, names
from aks_flow.rehearsal.standins.argocd.comparing import Managed
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.kubernetes.objects import times

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
SOURCE = {"repoURL": "r", "path": "p"}
CHANGED = Managed(Ref("apps", "Deployment", "a", "web"), {"kind": "x"}, {"kind": "x"}, names.OUT_OF_SYNC)
EXTRA = Managed(Ref("", "ConfigMap", "a", "old"), None, {"kind": "x"}, names.OUT_OF_SYNC)
SAME = Managed(Ref("", "Service", "a", "web"), {"kind": "x"}, {"kind": "x"}, names.SYNCED)
ALL = {"prune": True, "selfHeal": True}


def application(automated: dict | None, state: dict | None = None, **more) -> dict:
    policy = {"retry": {"limit": 1}, "syncOptions": ["A=b"]} | (
        {} if automated is None else {"automated": automated}
    )
    status = {"operationState": state} if state else {}
    return {"spec": {"source": SOURCE, "syncPolicy": policy}, "status": status, **more}


def state(phase: str, revision: str = "new", ago: float = 60, **sync) -> dict:
    finished = times.stamp(NOW - timedelta(seconds=ago))
    result = {"revision": revision, "source": SOURCE}
    return {
        "phase": phase,
        "syncResult": result,
        "finishedAt": finished,
        "message": "m",
        "operation": {"sync": sync},
    }


def decide(app: dict, *managed: Managed) -> autosync.AutoSyncDecision:
    return autosync.decide(app, "new", list(managed) or [CHANGED, SAME], NOW)


def test_a_new_revision_is_synced_as_the_policy_says():
    operation = decide(application(ALL, state("Succeeded", "old"))).operation
    assert operation == {
        "sync": {"revision": "new", "prune": True, "syncOptions": ["A=b"]},
        "initiatedBy": {"automated": True},
        "retry": {"limit": 1},
    }


@pytest.mark.parametrize(
    "app",
    [
        application(None),
        application({"enabled": False}),
        application(ALL, operation={"sync": {}}),
        application({"prune": True}, state("Succeeded")),
    ],
    ids=["manual", "switched off", "under way", "synced, and not to be healed"],
)
def test_nothing_is_started(app):
    assert decide(app) == autosync.AutoSyncDecision()


def test_an_object_that_may_not_be_pruned_is_no_reason_to_sync():
    assert decide(application({"selfHeal": True}), EXTRA, SAME) == autosync.AutoSyncDecision()
    assert decide(application(ALL), EXTRA, SAME).operation


def test_a_revision_that_failed_is_not_tried_for_ever():
    decision = decide(application(ALL, state("Failed")))
    assert decision.operation is None and decision.error == "Failed last sync attempt to [new]: m"


def test_another_source_is_another_attempt():
    failed = state("Failed")
    failed["syncResult"]["source"] = SOURCE | {"path": "q"}
    assert decide(application(ALL, failed)).operation


def test_drift_is_put_back_alone():
    operation = decide(application(ALL, state("Succeeded", autoHealAttemptsCount=2))).operation
    assert operation["sync"]["resources"] == [{"group": "apps", "kind": "Deployment", "name": "web"}]
    assert operation["sync"]["autoHealAttemptsCount"] == 3


def test_drift_that_comes_again_waits_longer_and_longer():
    assert [autosync.pause(attempts) for attempts in range(8)] == [0, 2, 6, 18, 54, 162, 300, 300]
    assert decide(application(ALL, state("Succeeded", ago=0))).operation
    decision = decide(application(ALL, state("Succeeded", ago=2, autoHealAttemptsCount=2)))
    assert decision.operation is None and decision.again == 4


def test_a_commit_that_would_leave_nothing_is_refused_unless_that_is_allowed():
    decision = decide(application(ALL), EXTRA)
    assert decision.error == "Skipping sync attempt to [new]: auto-sync will wipe out all resources"
    assert decision.operation is None
    assert decide(application(ALL | {"allowEmpty": True}), EXTRA).operation
