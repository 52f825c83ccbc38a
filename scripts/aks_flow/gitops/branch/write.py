"""The write: derive the change from the tip, commit, push; refused, derive it again from the new tip.

A push is plain: it lands only on the very tip that the change was derived from. Whoever is refused waits a
random moment that grows with every refusal and is measured in its own pushes, which are as long as the
remote is slow: so many writers get out of each other's way.
"""

import itertools
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from aks_flow.core.image_ref import ImageRef
from aks_flow.gitops.branch import commit
from aks_flow.gitops.branch.branch import Branch
from aks_flow.gitops.branch.state import State
from aks_flow.gitops.outcome import PLANNED, WRITTEN, Outcome
from aks_flow.tools.git import objects

WITHIN = 120  # seconds for all attempts together
_LONGEST_PAUSE = 20.0  # seconds
_STALE = 0.1  # seconds: a first derivation that took longer is worth a second look at the tip before a push


@dataclass(frozen=True)
class Write:
    """A wanted change: the environment's new folder, the image it pins, and the message that says why."""

    tree: str
    image: ImageRef
    message: str
    note: str


Derive = Callable[[State], Write | Outcome]


def land(branch: Branch, environment: str, derive: Derive, dry: bool = False) -> Outcome:
    """Write what ``derive`` wants of the environment's state at the tip, or give its reason not to.

    dry: only say what would be written. Refusal: the remote will not have it, or kept moving for `WITHIN`
    seconds. Nothing is half-written: the remote's branch is at a commit from before or at ours.
    """
    by, deadline = None, time.monotonic() + WITHIN
    for attempt in itertools.count(1):
        tip, began = branch.tip(), time.monotonic()
        state = branch.state(tip, environment)
        wanted = derive(state)
        if isinstance(wanted, Outcome):
            return wanted
        if dry:
            diff = difference(branch, state, wanted.tree)
            return Outcome(environment, PLANNED, wanted.image, note=wanted.note, diff=diff)
        if attempt == 1 and time.monotonic() - began > _STALE:
            continue
        by, began = by or commit.author(branch), time.monotonic()
        mine = commit.on_top(branch, tip, environment, wanted.tree, wanted.message, by)
        refused = branch.push(mine)
        if not refused or (refused.lost and branch.remote_commit() == mine):
            return Outcome(environment, WRITTEN, wanted.image, mine, wanted.note)
        if not refused.passing or time.monotonic() > deadline:
            raise refused
        _pause((time.monotonic() - began) * 2**attempt)
    raise AssertionError("unreachable")


def difference(branch: Branch, state: State, tree: str) -> str:
    """git's diff between an environment's folder and another tree."""
    old = state.tree or branch.make_tree({})
    return branch.run.run(objects.diff(branch.repo, old, tree)).text


def _pause(longest: float) -> None:
    threading.Event().wait(random.uniform(0, min(_LONGEST_PAUSE, longest)))
