"""From a goal to its verdict: every snapshot is judged until one is good or bad."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from scripts.rollout import facts, verdict
from scripts.rollout.ages import Stopwatch
from scripts.rollout.facts import Facts
from scripts.rollout.goal import Goal
from scripts.rollout.verdict import WAITING, Verdict
from scripts.runner import Follower, Runner
from scripts.tools.kubectl import Kubectl
from scripts.watching import asked, kinds
from scripts.watching.followed import Followed

QUIET = 3  # seconds in which nothing is said: most rollouts end within
_LONGER = 60  # seconds that the server lets a watch outlive the deadline: nothing is left behind for good


@dataclass(frozen=True)
class Seen:
    """A verdict and the facts that it is about."""

    verdict: Verdict
    facts: Facts


def watch(run: Runner, cluster: Kubectl, goal: Goal, seconds: float, tell: Callable[[str], None]) -> Seen:
    """Watch all workloads of the goal together; BAD at the latest after ``seconds``.

    ``tell`` hears what is waited for, once that takes long. CommandFailed if the cluster refuses the watches.
    """
    judge, began = Judge(goal), time.monotonic()
    with snapshots(run, cluster, goal, int(seconds) + _LONGER) as source:
        for items in source:
            passed = time.monotonic() - began
            seen = judge(items, passed >= seconds)
            if seen.verdict.kind != WAITING:
                return seen
            if passed >= QUIET:
                tell(seen.verdict.waits_for)
    raise AssertionError("snapshots do not end")


def look(run: Runner, cluster: Kubectl, goal: Goal, proven: Callable[[], bool] = lambda: False) -> Seen:
    """The verdict that one look allows: mostly GOOD of what has long rolled out, or WAITING.

    proven: whether these manifests were seen to be good before; it is asked after the cluster.
    """
    found = facts.read(goal, asked.snapshot(run, cluster, kinds.of(goal)))
    ages = replace(Stopwatch().look(verdict.marks(found)), proven=proven())
    return Seen(verdict.judge(found, ages), found)


class Judge:
    """Judges snapshots of one goal, and remembers how long things have lasted."""

    def __init__(self, goal: Goal):
        self._goal, self._stopwatch = goal, Stopwatch()

    def __call__(self, items: list[dict], overdue: bool) -> Seen:
        found = facts.read(self._goal, items)
        ages = self._stopwatch.look(verdict.marks(found), overdue)
        return Seen(verdict.judge(found, ages), found)


@contextmanager
def snapshots(run: Runner, cluster: Kubectl, goal: Goal, seconds: int) -> Iterator[Iterator[list[dict]]]:
    """The namespace's objects as they change; every few seconds if ``run`` cannot follow."""
    wanted = kinds.of(goal)
    if not isinstance(run, Follower):
        yield asked.snapshots(run, cluster, wanted)
        return
    with Followed(run, {kind: cluster.watch(*kinds.API[kind], seconds) for kind in wanted}) as followed:
        yield followed
