"""From a goal to its verdict: every snapshot is judged until one is good or bad."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from aks_flow.core.command import Command
from aks_flow.core.runner import CommandFailed, Follower, Runner
from aks_flow.rollout.verdict import facts, verdict
from aks_flow.rollout.verdict.ages import Stopwatch
from aks_flow.rollout.verdict.facts import Facts
from aks_flow.rollout.verdict.goal import Goal
from aks_flow.rollout.verdict.verdict import WAITING, Verdict
from aks_flow.rollout.watch import kinds, poll
from aks_flow.rollout.watch.stream import Followed
from aks_flow.tools.kubectl import Kubectl

QUIET = 3  # seconds in which nothing is said: most rollouts end within
LONGER = 60  # seconds that the server lets a watch outlive the deadline: nothing is left behind for good


@dataclass(frozen=True)
class Seen:
    """A verdict and the facts that it is about."""

    verdict: Verdict
    facts: Facts


def watch(run: Runner, cluster: Kubectl, goal: Goal, seconds: float, tell: Callable[[str], None]) -> Seen:
    """Watch all workloads of the goal together; BAD at the latest after ``seconds``.

    ``tell`` hears what is waited for, once that takes long. CommandFailed if the cluster refuses the watches.
    """
    judge, began = Judge(), time.monotonic()
    with snapshots(run, commands(cluster, goal, seconds), lambda: objects(run, cluster, goal)) as source:
        for items in source:
            passed = time.monotonic() - began
            seen = judge(goal, items, passed >= seconds)
            if seen.verdict.kind != WAITING:
                return seen
            if passed >= QUIET:
                tell(seen.verdict.waits_for)
    raise AssertionError("snapshots do not end")


def look(run: Runner, cluster: Kubectl, goal: Goal, proven: Callable[[], bool] = lambda: False) -> Seen:
    """The verdict that one look allows: mostly GOOD of what has long rolled out, or WAITING.

    proven: whether these manifests were seen to be good before; it is asked after the cluster.
    """
    found = facts.read(goal, objects(run, cluster, goal))
    ages = replace(Stopwatch().look(verdict.marks(found)), proven=proven())
    return Seen(verdict.judge(found, ages), found)


class Judge:
    """Judges snapshots one after the other, and remembers how long things have lasted."""

    def __init__(self):
        self._stopwatch = Stopwatch()

    def __call__(self, goal: Goal, items: list[dict], overdue: bool) -> Seen:
        found = facts.read(goal, items)
        ages = self._stopwatch.look(verdict.marks(found), overdue)
        return Seen(verdict.judge(found, ages), found)


def objects(run: Runner, cluster: Kubectl, goal: Goal) -> list[dict]:
    """What tells about a goal, now."""
    return poll.snapshot(run, cluster, kinds.of(goal))


def commands(cluster: Kubectl, goal: Goal, seconds: float) -> dict[str, Command]:
    """What tells about a goal, as it changes: for each kind the command that watches it."""
    return {kind: cluster.watch(*kinds.API[kind], int(seconds) + LONGER) for kind in kinds.of(goal)}


@contextmanager
def snapshots(
    run: Runner, watches: Mapping[str, Command], ask: Callable[[], list[dict]]
) -> Iterator[Iterator[list[dict]]]:
    """All objects again and again: as they change, or every few seconds if they cannot be followed."""
    if not isinstance(run, Follower):
        yield poll.snapshots(ask)
        return
    with Followed(run, watches) as followed:
        yield _or_asked(followed, ask)


def _or_asked(followed: Followed, ask: Callable[[], list[dict]]) -> Iterator[list[dict]]:
    """Who may read may not always watch."""
    try:
        yield from followed
    except CommandFailed:
        yield from poll.snapshots(ask)
