"""From snapshots to a verdict: the last word has a look that is fresh, and silence decides nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from aks_flow.core.command import Command
from aks_flow.core.runner import CommandFailed, Follower, Runner
from aks_flow.rollout.watch import poll
from aks_flow.rollout.watch.snapshot import AnsweredClock, Snapshot
from aks_flow.rollout.watch.stream import WatchStream, is_refused

SILENCE = "the cluster to answer"
Verdict = TypeVar("Verdict")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Sources:
    """Where snapshots come from.

    watches: kind -> the command that watches it. ask: the same, once. CommandFailed from either if the
    server refuses, or does not answer for long.
    """

    run: Runner
    watches: Mapping[str, Command]
    ask: Callable[[], list[dict]]


def decide(
    sources: Sources,
    clock: AnsweredClock,
    look: Callable[[list[dict]], Verdict | None],
    tell: Callable[[str], None],
) -> Verdict:
    """The first verdict of ``look`` that a fresh look confirms, or replaces by another.

    look: the verdict on all objects, None for none yet. clock: told about every snapshot before that.
    tell: hears when the server gives no answer. What a watch shows may be old: it says nothing while its
    connection hangs.
    """
    with snapshots(sources) as source:
        for snapshot in source:
            clock.hear(snapshot.answered)
            if not snapshot.answered:
                tell(SILENCE)
            elif _answered(partial(look, snapshot.items), clock) and (
                verdict := _again(sources, clock, look)
            ):
                return verdict
    raise AssertionError("snapshots do not end")


def _again(
    sources: Sources, clock: AnsweredClock, look: Callable[[list[dict]], Verdict | None]
) -> Verdict | None:
    """What a fresh look gives; None if nobody answers."""
    items = _answered(sources.ask, clock)
    if items is None:
        return None
    clock.hear(answered=True)
    return _answered(partial(look, items), clock)


def _answered(ask: Callable[[], Answer], clock: AnsweredClock) -> Answer | None:
    """What the cluster answers; None, which the clock hears, if nobody does. A look may ask, too."""
    try:
        return ask()
    except CommandFailed as error:
        if not error.unanswered:
            raise
        clock.hear(answered=False)
        return None


@contextmanager
def snapshots(sources: Sources) -> Iterator[Iterator[Snapshot]]:
    """All objects again and again: when they change, or every few seconds if the runner cannot follow."""
    if not isinstance(sources.run, Follower):
        yield poll.snapshots(sources.ask)
        return
    with WatchStream(sources.run, sources.watches) as stream:
        yield _or_polled(stream, sources.ask)


def _or_polled(stream: WatchStream, ask: Callable[[], list[dict]]) -> Iterator[Snapshot]:
    """From the watches; by asking again and again if the server does not allow them."""
    try:
        yield from stream
    except CommandFailed as error:
        if error.unanswered and not is_refused(error.result):
            raise
        yield from poll.snapshots(ask)
