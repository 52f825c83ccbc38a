"""Snapshots by watching: a `kubectl get --raw …?watch=true` for each kind, all at once."""

import queue
import time
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field

from aks_flow.core.command import Command, Result
from aks_flow.core.runner import CommandFailed, Follower
from aks_flow.rollout.verdict.kinds import job_end
from aks_flow.rollout.watch.snapshot import Snapshot
from aks_flow.tools.kubectl.output import event

TICK = 0.1  # seconds without news after which the same objects are shown again: time, too, decides
HELD = 2  # seconds after which a watch that was begun again counts as one that holds
AGAIN = 1  # seconds until a watch that failed is begun again
TRIES = 30  # times in a row that it may fail: a server that restarts is back by then
OPTIONAL = ("Event",)  # kinds that a deployer may not be allowed to see
_REFUSED = ("Forbidden", "Unauthorized", "forbidden")


def is_refused(result: Result) -> bool:
    """Whether a watch is not for who asks: other ways to ask may be."""
    return result.code != 0 and any(word in result.error_text for word in _REFUSED)


@dataclass
class KindWatch:
    """One kind's watch.

    A Job that has ended stays, though it removes itself: its last event tells how it ended.
    seen: its objects, by namespace and name. fresh: the next event begins a new list. failures: how often in
    a row it has failed. again_at, begun_at: when it is to be begun again, and when it was begun last.
    """

    kind: str
    command: Command
    seen: dict[tuple, dict] = field(default_factory=dict)
    fresh: bool = False
    failures: int = 0
    again_at: float | None = None
    begun_at: float = 0

    @property
    def answered(self) -> bool:
        """False from a failure to the next event, or until it has held for a moment: of what there is none,
        the server says nothing."""
        held = self.again_at is None and time.monotonic() - self.begun_at >= HELD
        return not self.failures or held

    def take(self, happened: str, item: dict) -> None:
        """Bring `seen` up to date with one event of the server's."""
        if happened == "ERROR":  # the history that it needs is gone: the stream ends, and begins anew
            return
        if self.fresh:
            self.seen, self.fresh = {}, False
        self.failures = 0
        key = (item["metadata"].get("namespace", ""), item["metadata"]["name"])
        if happened == "DELETED" and not (self.kind == "Job" and job_end(item)):
            self.seen.pop(key, None)
        elif happened != "BOOKMARK":
            self.seen[key] = {"kind": self.kind, **item}


class WatchStream:
    """``commands``: kind -> the command that watches it. An iterator of snapshots inside a `with` block."""

    def __init__(self, run: Follower, commands: Mapping[str, Command]):
        self._run, self._stack = run, ExitStack()
        self._watches = {kind: KindWatch(kind, command) for kind, command in commands.items()}
        self._news: queue.SimpleQueue = queue.SimpleQueue()

    def __enter__(self) -> "WatchStream":
        try:
            for watch in self._watches.values():
                self._begin(watch)
        except BaseException:
            self._stack.close()
            raise
        return self

    def __exit__(self, *_) -> None:
        self._stack.close()

    def __iter__(self) -> "WatchStream":
        return self

    def __next__(self) -> Snapshot:
        self._hear()
        self._revive()
        watches = self._watches.values()
        items = [item for watch in watches for item in watch.seen.values()]
        return Snapshot(items, answered=all(watch.answered for watch in watches))

    def _begin(self, watch: KindWatch) -> None:
        watch.again_at, watch.begun_at = None, time.monotonic()
        hear = self._news.put
        kind = watch.kind
        self._stack.enter_context(self._run.follow(watch.command, lambda output: hear((kind, output))))

    def _hear(self) -> None:
        """Take all that has come since the last time; waits a moment for the first of it."""
        try:
            news = self._news.get(timeout=TICK)
            while True:
                self._take(*news)
                news = self._news.get_nowait()
        except queue.Empty:
            return

    def _take(self, kind: str, output: bytes | Result) -> None:
        """A line of a watch, or its end."""
        watch = self._watches[kind]
        if isinstance(output, Result):
            self._ended(watch, output)
        elif output.strip():
            watch.take(*event(output))

    def _ended(self, watch: KindWatch, result: Result) -> None:
        """To be begun again in a moment: servers end watches now and then. CommandFailed for a refusal."""
        refused = is_refused(result)
        if refused and watch.kind in OPTIONAL:
            return
        watch.failures += bool(result.code)
        if refused or watch.failures > TRIES:
            raise CommandFailed(watch.command, result)
        watch.fresh, watch.again_at = True, time.monotonic() + AGAIN

    def _revive(self) -> None:
        for watch in self._watches.values():
            if watch.again_at is not None and time.monotonic() >= watch.again_at:
                self._begin(watch)
