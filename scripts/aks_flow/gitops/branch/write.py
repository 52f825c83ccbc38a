"""Writing an environment's folder on the branch: fetch the tip, commit a change on it, push.

A push is never forced: it succeeds only while the tip is the one that the change was made from. If it is
refused because the tip has moved, whoever writes fetches and looks again. Before that it
waits for a random time that grows with every refusal, so that many writers at once do not keep meeting. The
time is measured in pushes of its own: a slow remote makes everybody wait longer.
"""

import random
import threading
import time
from dataclasses import dataclass

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitflow.supersede import Delivered
from aks_flow.gitops.branch import commit, history
from aks_flow.gitops.branch.branch import Branch, Tip
from aks_flow.gitops.branch.commit import Committer
from aks_flow.gitops.branch.state import State
from aks_flow.gitops.outcome import PLANNED, WRITTEN, WriteOutcome

WITHIN = 120  # seconds for all attempts together
_LONGEST_PAUSE = 20.0  # seconds
_STALE = 0.1  # seconds: if the first derivation took longer, the tip may have moved already


@dataclass(frozen=True)
class FolderChange:
    """An environment's new folder (the hash of its tree), and the image that it pins.

    message: the commit's. note: the change in a few words, for the outcome.
    """

    tree: str
    image: ImageRef | None
    message: str
    note: str


class BranchWriter:
    """Writes one environment's folder: `fetch`, then `write`, and both again while `write` gives None."""

    def __init__(self, branch: Branch, environment: str):
        self._branch, self._environment = branch, environment
        self._deadline = time.monotonic() + WITHIN
        self._fetches, self._fetched_at = 0, 0.0
        self._tip: Tip | None = None
        self._state = State()
        self._committer: Committer | None = None

    def fetch(self) -> State:
        """The environment's state at the branch's tip, as the remote has it now."""
        self._tip = self._branch.tip()
        self._fetches, self._fetched_at = self._fetches + 1, time.monotonic()
        self._state = self._branch.state(self._tip, self._environment)
        return self._state

    def newer(self, mine: Delivered) -> str:
        """As `history.newer`, at the tip that was fetched last."""
        return history.newer(self._branch, self._tip, self._environment, self._state, mine)

    def write(self, change: FolderChange, dry: bool = False) -> WriteOutcome | None:
        """Commit the change on the tip that was fetched last, and push it.

        None: the tip has moved, or it may have; fetch again and derive the change again. With ``dry`` only
        what would be written. RemoteRefusal if the remote does not take it, or if the tip kept moving for
        `WITHIN` seconds. Nothing is half-written: the remote's branch has the commit, or it is as it was.
        """
        if dry:
            diff = self._branch.diff(self._state.tree, change.tree)
            return WriteOutcome(self._environment, PLANNED, change.image, note=change.note, diff=diff)
        if self._fetches == 1 and time.monotonic() - self._fetched_at > _STALE:
            return None
        began = time.monotonic()
        pushed = self._push(change)
        if pushed:
            return WriteOutcome(self._environment, WRITTEN, change.image, pushed, change.note)
        _pause((time.monotonic() - began) * 2**self._fetches)
        return None

    def _push(self, change: FolderChange) -> str:
        """The commit, "" if the tip has moved."""
        branch, environment = self._branch, self._environment
        self._committer = self._committer or commit.committer(branch)
        pushed = commit.on_top(branch, self._tip, environment, change.tree, change.message, self._committer)
        refusal = branch.push(pushed)
        if not refusal or (refusal.lost and branch.remote_commit() == pushed):
            return pushed
        if not refusal.retryable or time.monotonic() > self._deadline:
            raise refusal
        return ""


def _pause(longest: float) -> None:
    threading.Event().wait(random.uniform(0, min(_LONGEST_PAUSE, longest)))
