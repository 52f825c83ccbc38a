"""What follows a bad verdict, from the history alone; and what goes on the way back."""

import json

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.push.history import rollback
from aks_flow.push.history.auto_rollback import roll_back
from aks_flow.push.history.history import History
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.rollout.watch.evidence import RolloutFinding
from aks_flow.rollout.watch.failure import BadVerdict
from tests.unit.push.revisions import CONCLUDED, entry
from tests.unit.push.test_roll_out import KUBECTL, MANIFEST, PRESENT, delivery, plan

CRASH = BadVerdict("dev", (RolloutFinding("crash-loop", "deployment/web", "3 times"),))
OTHER = BadVerdict("dev", (RolloutFinding("superseded", "deployment/web", "other images"),))
MARK = f"{KUBECTL} annotate secret aks-flow.revision.2 aks-flow/verdict={{}} {CONCLUDED} --overwrite"
PAST = History("dev", (entry(1, "good before"), entry(2, MANIFEST, "pending")))


@pytest.fixture
def context(config):
    marks = {MARK.format(reason): "" for reason in ("crash-loop", "superseded")}
    return delivery(config, marks | {PRESENT: ""})


@pytest.fixture
def restored(monkeypatch):
    """The revisions that were gone back to."""
    revisions = []

    def restore(context, history, revision):
        revisions.append(revision)
        return rollback.Restored(revision, 3)

    monkeypatch.setattr(rollback, "restore", restore)
    return revisions


def test_the_newest_good_revision_comes_back_and_the_reason_stays(context, restored):
    after = roll_back(context, plan(), PAST, CRASH, undo=True)
    assert [revision.number for revision in restored] == [1]
    assert (after.undone.status, after.undone.revision, after.exit_code) == ("restored", 1, 12)
    assert "back at revision 1" in str(after)


@pytest.mark.parametrize(
    ("history", "bad", "undo", "status"),
    [
        (PAST, CRASH, False, "left"),
        (PAST, OTHER, True, "left"),
        (History("dev", (entry(2, MANIFEST, "pending"),)), CRASH, True, "none"),
        (History("dev", (entry(1, MANIFEST), entry(2, MANIFEST, "pending"))), CRASH, True, "none"),
    ],
    ids=["as asked", "another delivery's", "a first delivery", "the same manifests"],
)
def test_it_is_left_and_said_why(context, restored, history, bad, undo, status):
    after = roll_back(context, plan(), history, bad, undo)
    assert (after.undone.status, restored) == (status, [])
    assert context.run.lines == [PRESENT, MARK.format(bad.reason)]


def test_a_way_back_that_fails_is_said_too(context, monkeypatch):
    def fail(*_):
        raise AksFlowError("the cluster does not answer", next_step="Start it.")

    monkeypatch.setattr(rollback, "restore", fail)
    after = roll_back(context, plan(), PAST, CRASH, undo=True)
    assert after.undone.status == "failed" and "the cluster does not answer" in after.undone.text


def test_where_to_go_is_said_when_what_was_gone_back_to_is_bad_too(context, monkeypatch):
    def fail(*_):
        raise CRASH

    for step in ("take_over", "_prune"):
        monkeypatch.setattr(rollback, step, lambda *_: None)
    monkeypatch.setattr(rollback, "apply_at_once", lambda *_: RolloutGoal("vote-dev", ()))
    monkeypatch.setattr(rollback.cluster_state, "remove_twins", lambda *_: None)
    monkeypatch.setattr(rollback.store, "record", lambda *_, **__: PAST)
    monkeypatch.setattr(rollback, "verify", fail)
    with pytest.raises(BadVerdict, match="./inv push.history --env dev") as raised:
        rollback.restore(context, PAST, entry(1, MANIFEST))
    assert (raised.value.undone.status, context.run.lines) == ("left", [MARK.format("crash-loop")])


def test_what_holds_data_does_not_go_on_the_way_back(config):
    made = ("configmap/new", "namespace/vote-dev", "persistentvolumeclaim/data", "deployment.apps/kept")
    kept = json.dumps({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "kept"}})
    history = History("dev", (entry(1, kept), entry(2, "x", "crash-loop", created=made)))
    context = delivery(config, {f"{KUBECTL} delete configmap/new --ignore-not-found --wait=false": ""})
    rollback._prune(context, history, history.revisions[0])
    assert len(context.run.lines) == 1
