"""From a goal to its verdict: every snapshot is judged until one is good or bad."""

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

from aks_flow.core.command import Command
from aks_flow.core.runner import CommandFailed, Follower, Runner
from aks_flow.rollout.verdict import facts, verdict
from aks_flow.rollout.verdict.ages import Stopwatch
from aks_flow.rollout.verdict.facts import RolloutFacts
from aks_flow.rollout.verdict.goal import RolloutGoal
from aks_flow.rollout.verdict.verdict import WAITING, RolloutVerdict
from aks_flow.rollout.watch import kinds, poll
from aks_flow.rollout.watch.stream import WatchStream
from aks_flow.tools.kubectl import Kubectl, raw

QUIET = 3  # seconds without a word about what is waited for: most rollouts end within
LONGER = 60  # seconds from the deadline to the moment when the server ends a watch that nobody has ended


@dataclass(frozen=True)
class Observation:
    """A verdict and the facts that it is about."""

    verdict: RolloutVerdict
    facts: RolloutFacts


def watch(
    run: Runner, cluster: Kubectl, goal: RolloutGoal, seconds: float, tell: Callable[[str], None]
) -> Observation:
    """Watch all workloads of the goal together; BAD at the latest after ``seconds``.

    ``tell`` hears what is waited for, once that takes long. CommandFailed if the cluster refuses the watches.
    """
    judge, began = Judge(), time.monotonic()
    with snapshots(run, commands(cluster, goal, seconds), lambda: objects(run, cluster, goal)) as source:
        for items in source:
            elapsed = time.monotonic() - began
            seen = judge(goal, items, elapsed >= seconds)
            if seen.verdict.kind != WAITING:
                return seen
            if elapsed >= QUIET:
                tell(seen.verdict.waits_for)
    raise AssertionError("snapshots do not end")


def look(
    run: Runner, cluster: Kubectl, goal: RolloutGoal, proven: Callable[[], bool] = lambda: False
) -> Observation:
    """The verdict that one look allows: mostly GOOD of what has long rolled out, or WAITING.

    proven: whether these manifests were seen to be good before; it is asked after the cluster.
    """
    current = facts.read(goal, objects(run, cluster, goal))
    ages = replace(Stopwatch().look(verdict.marks(current)), proven=proven())
    return Observation(verdict.judge(current, ages), current)


class Judge:
    """Judges snapshots one after the other, and remembers how long things have lasted."""

    def __init__(self):
        self._stopwatch = Stopwatch()

    def __call__(self, goal: RolloutGoal, items: list[dict], overdue: bool) -> Observation:
        current = facts.read(goal, items)
        ages = self._stopwatch.look(verdict.marks(current), overdue)
        return Observation(verdict.judge(current, ages), current)


def objects(run: Runner, cluster: Kubectl, goal: RolloutGoal) -> list[dict]:
    """What tells about a goal, now."""
    return poll.snapshot(run, cluster, kinds.of(goal))


def commands(cluster: Kubectl, goal: RolloutGoal, seconds: float) -> dict[str, Command]:
    """What tells about a goal, as it changes: for each kind the command that watches it."""
    return {kind: raw.watch(cluster, *kinds.API[kind], int(seconds) + LONGER) for kind in kinds.of(goal)}


@contextmanager
def snapshots(
    run: Runner, watches: Mapping[str, Command], ask: Callable[[], list[dict]]
) -> Iterator[Iterator[list[dict]]]:
    """All objects again and again: when they change, or every few seconds if the runner cannot follow."""
    if not isinstance(run, Follower):
        yield poll.snapshots(ask)
        return
    with WatchStream(run, watches) as stream:
        yield _or_polled(stream, ask)


def _or_polled(stream: WatchStream, ask: Callable[[], list[dict]]) -> Iterator[list[dict]]:
    """From the watches; by asking again and again if the server does not allow them."""
    try:
        yield from stream
    except CommandFailed:
        yield from poll.snapshots(ask)
