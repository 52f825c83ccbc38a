"""When a sync is started without being asked for."""

from datetime import UTC, datetime, timedelta

import pytest

from aks_flow.rehearsal.standins.argocd import autosync, names
from aks_flow.rehearsal.standins.argocd.comparing import Managed
from aks_flow.rehearsal.standins.argocd.object_refs import Ref
from aks_flow.rehearsal.standins.kubernetes.apimachinery import times

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


def told(decision: autosync.AutoSyncDecision) -> str:
    """``sync``, ``sync of web, attempt 3``, ``again in 4``, the error, or ``nothing``."""
    if decision.operation:
        sync = decision.operation["sync"]
        parts = [f"of {entry['name']}" for entry in sync.get("resources", [])]
        return " ".join(["sync", *parts, *(["attempt", str(sync[_ATTEMPTS])] if _ATTEMPTS in sync else [])])
    if decision.error:
        return decision.error
    return f"again in {decision.again:g}" if decision.again else "nothing"


def moved(phase: str) -> dict:
    """A state whose sync was of another source."""
    before = state(phase)
    before["syncResult"]["source"] = SOURCE | {"path": "q"}
    return before


_ATTEMPTS = "autoHealAttemptsCount"
WIPES = "Skipping sync attempt to [new]: auto-sync will wipe out all resources"
FAILED = "Failed last sync attempt to [new]: m"
PRUNE, HEAL = {"prune": True}, {"selfHeal": True}
HEALED = state("Succeeded", ago=2, autoHealAttemptsCount=2)
# An Application, what is managed (by default one that differs and one that does not) -> what is decided.
DECISIONS = {
    "the first revision": (application(ALL), (), "sync"),
    "a new revision": (application(ALL, state("Succeeded", "old")), (), "sync"),
    "a new revision after one that failed": (application(ALL, state("Failed", "old")), (), "sync"),
    "no policy": (application(None), (), "nothing"),
    "a policy that is switched off": (application({"enabled": False}), (), "nothing"),
    "a policy that says it is on": (application({"enabled": True}), (), "sync"),
    "an operation under way": (application(ALL, operation={"sync": {}}), (), "nothing"),
    "drift that is not to be healed": (application(PRUNE, state("Succeeded")), (), "nothing"),
    "drift that is healed": (application(ALL, state("Succeeded")), (), "sync of web attempt 1"),
    "drift that came again": (
        application(ALL, state("Succeeded", autoHealAttemptsCount=2)),
        (),
        "sync of web attempt 3",
    ),
    "drift that waits": (application(ALL, HEALED), (), "again in 4"),
    "extra objects alone, and no pruning": (application(HEAL), (EXTRA, SAME), "nothing"),
    "extra objects alone, and pruning": (application(ALL), (EXTRA, SAME), "sync"),
    "a revision that failed": (application(ALL, state("Failed")), (), FAILED),
    "a revision that failed, and no self-heal": (application(PRUNE, state("Failed")), (), FAILED),
    "a revision that ended in an error": (
        application(ALL, state("Error")),
        (),
        FAILED,
    ),
    "another source": (application(ALL, moved("Failed")), (), "sync"),
    "nothing would be left": (application(ALL), (EXTRA,), WIPES),
    "nothing would be left, which is allowed": (application(ALL | {"allowEmpty": True}), (EXTRA,), "sync"),
    "nothing would be left, and nothing is pruned": (application(HEAL), (EXTRA,), "nothing"),
}


@pytest.mark.parametrize(("app", "managed", "decided"), DECISIONS.values(), ids=DECISIONS)
def test_a_sync_is_started_or_not(app, managed, decided):
    assert told(decide(app, *managed)) == decided


def test_a_new_revision_is_synced_as_the_policy_says():
    operation = decide(application(ALL, state("Succeeded", "old"))).operation
    assert operation == {
        "sync": {"revision": "new", "prune": True, "syncOptions": ["A=b"]},
        "initiatedBy": {"automated": True},
        "retry": {"limit": 1},
    }


def test_drift_is_put_back_alone():
    operation = decide(application(ALL, state("Succeeded", autoHealAttemptsCount=2))).operation
    assert operation["sync"]["resources"] == [{"group": "apps", "kind": "Deployment", "name": "web"}]


def test_drift_that_comes_again_waits_longer_and_longer():
    assert [autosync.pause(attempts) for attempts in range(8)] == [0, 2, 6, 18, 54, 162, 300, 300]
    assert decide(application(ALL, state("Succeeded", ago=0))).operation
