"""What is decided about an environment while somebody else delivers there: it stays what was meant."""

from contextlib import contextmanager

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.push import managed, promote
from aks_flow.push.history import rollback, store
from aks_flow.push.history.history import History
from aks_flow.push.lock.fence import HeldLock
from aks_flow.push.strategy import cluster_state
from tests.unit.push.revisions import entry
from tests.unit.push.test_roll_out import delivery

BEFORE = [entry(1, "old"), entry(2, "bad")]
WAITS = [entry(1, "old"), entry(2, "green", "waits")]


@pytest.fixture
def meanwhile(config, monkeypatch):
    """A context in which the revisions become others while the lock is waited for."""

    def make(before: list, after: list):
        revisions, context = [before], delivery(config, {})

        @contextmanager
        def hold_lock(quick, environment):
            revisions[:] = [after]
            yield HeldLock(quick, False, "8")

        for module in (rollback, promote):
            monkeypatch.setattr(module, "hold_lock", hold_lock)
        monkeypatch.setattr(store, "read", lambda *_: History("dev", tuple(revisions[0])))
        monkeypatch.setattr(cluster_state, "read_twins", lambda *_: {"green": {}})
        monkeypatch.setattr(managed, "refuse_undo", lambda *_: None)
        return context

    return make


def test_an_undo_goes_back_before_what_it_was_asked_to_undo(meanwhile, monkeypatch):
    monkeypatch.setattr(rollback, "restore", lambda context, history, revision: (history.numbers, revision))
    context = meanwhile(BEFORE, [*BEFORE, entry(3, "newer")])
    numbers, revision = rollback.undo(context, "dev", "")
    assert (numbers, revision.number) == ([1, 2, 3], 1)


def test_a_version_that_waits_is_rejected_by_an_undo(meanwhile, monkeypatch):
    """It does not wait any more: its pods go."""
    noted = []
    monkeypatch.setattr(store, "conclude", lambda _, history, verdict: noted.append(verdict) or history)
    monkeypatch.setattr(rollback, "restore", lambda context, history, revision: revision.number)
    assert (rollback.undo(meanwhile(WAITS, WAITS), "dev", ""), noted) == (1, ["rejected"])
    assert (rollback.undo(meanwhile(BEFORE, BEFORE), "dev", ""), noted) == (1, ["rejected"])


@pytest.mark.parametrize("decide", [promote.promote, promote.reject])
def test_a_version_that_waits_only_by_now_is_not_decided_about(meanwhile, decide):
    context = meanwhile(WAITS, [*WAITS, entry(3, "other", "waits")])
    with pytest.raises(AksFlowError, match="revision 3.* waits in dev by now, not revision 2.*nothing was"):
        decide(context, "dev")
