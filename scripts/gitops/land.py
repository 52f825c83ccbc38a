"""The write: derive the change from the tip, commit, push; refused, derive it again from the new tip.

A push is plain: it lands only on the very tip that the change was derived from. Whoever is refused waits a
random moment that grows with every refusal and is measured in its own attempts, which are as long as the
remote is slow: so many writers get out of each other's way.
"""

import itertools
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from scripts.gitops import commit
from scripts.gitops.branch import Branch, Tip
from scripts.gitops.outcome import WRITTEN, Outcome
from scripts.gitops.state import State
from scripts.image import ImageRef

WITHIN = 120  # seconds for all attempts together
_LONGEST_PAUSE = 20.0  # seconds


@dataclass(frozen=True)
class Write:
    """A wanted change: the environment's new folder, the image it pins, and the message that says why."""

    tree: str
    image: ImageRef
    message: str
    note: str


Derive = Callable[[State], Write | Outcome]


def land(branch: Branch, environment: str, derive: Derive, within: float = WITHIN) -> Outcome:
    """Write what ``derive`` wants of the environment's state at the tip, or give its reason not to.

    Refusal: the remote will not have it, or kept moving until the deadline. Nothing is half-written: the
    remote's branch is at a commit from before or at ours.
    """
    by, deadline = commit.author(branch), time.monotonic() + within
    for attempt in itertools.count(1):
        began = time.monotonic()
        tip = branch.tip()
        wanted = derive(branch.state(tip, environment))
        if isinstance(wanted, Outcome):
            return wanted
        mine = commit.on_top(branch, tip, environment, wanted.tree, wanted.message, by)
        refused = branch.push(mine)
        if not refused or (refused.lost and branch.remote_commit() == mine):
            return Outcome(environment, WRITTEN, wanted.image, mine, wanted.note)
        if not refused.passing or time.monotonic() > deadline:
            raise refused
        _pause((time.monotonic() - began) * 2**attempt)
    raise AssertionError("unreachable")


def plan(branch: Branch, environment: str, derive: Derive) -> tuple[Tip, Write | Outcome]:
    """What `land` would write now."""
    tip = branch.tip()
    return tip, derive(branch.state(tip, environment))


def _pause(longest: float) -> None:
    threading.Event().wait(random.uniform(0, min(_LONGEST_PAUSE, longest)))
