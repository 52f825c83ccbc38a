"""Which ends of a wait take a commit back."""

from types import SimpleNamespace

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops import auto_undo
from aks_flow.gitops.outcome import UNCHANGED, WriteOutcome
from aks_flow.gitops.wait.arrival import Untried
from aks_flow.gitops.wait.awaited_commit import AwaitedCommit
from aks_flow.rollout.verdict import reasons
from aks_flow.rollout.watch.failure import BadVerdict, RolloutFinding

CONTEXT = SimpleNamespace(run=None, config=None)
AWAITED = AwaitedCommit("dev", "c" * 40, ImageRef("localhost:5050", "front", "1.5.0"))


def ended(reason: str, kind: type[BadVerdict] = BadVerdict) -> BadVerdict:
    return kind("dev", (RolloutFinding(reason, "application/vote-dev", "no"),))


NO_VERDICT = {
    "nobody answers": ended(reasons.NO_ANSWER),
    "somebody else's commit is there": ended(reasons.OVERWRITTEN),
    "Argo CD has not begun its sync": ended(reasons.DEADLINE, Untried),
    "it cannot be compared": AksFlowError("dev cannot get 1.5.0", next_step="Mend it."),
}
BAD = {reason: ended(reason) for reason in (reasons.DEADLINE, reasons.APPLY_FAILED, reasons.CRASH_LOOP)}


@pytest.fixture
def undone(monkeypatch) -> list[str]:
    """The reasons with which a commit was taken back."""
    given: list[str] = []

    def undo(context, environment, reason, only):
        given.append(reason)
        return WriteOutcome(environment, UNCHANGED, note="it is held")

    monkeypatch.setattr(auto_undo, "open_branch", lambda *words, **more: None)
    monkeypatch.setattr(auto_undo.awaited_commit, "read", lambda *words: AWAITED)
    monkeypatch.setattr(auto_undo, "undo", undo)
    return given


def wait(monkeypatch, end: AksFlowError) -> AksFlowError:
    def wait_for_arrival(*words):
        raise end

    monkeypatch.setattr(auto_undo, "wait_for_arrival", wait_for_arrival)
    with pytest.raises(AksFlowError) as error:
        auto_undo.wait_or_undo(CONTEXT, "dev", "", lambda text: None)
    return error.value


@pytest.mark.parametrize("end", NO_VERDICT.values(), ids=NO_VERDICT)
def test_a_commit_of_which_nothing_is_known_is_left(monkeypatch, undone, end):
    assert wait(monkeypatch, end) is end
    assert undone == []


@pytest.mark.parametrize("end", BAD.values(), ids=BAD)
def test_a_commit_that_proved_bad_is_taken_back(monkeypatch, undone, end):
    assert wait(monkeypatch, end).undone.status == "left"
    assert undone == [f"1.5.0: {end.reason}"]
