"""Waiting for one's turn."""

from collections.abc import Callable

from aks_flow.core import wait
from aks_flow.push.lock import lease
from aks_flow.push.lock.errors import Locked
from aks_flow.push.lock.holder import Hold, clock
from aks_flow.push.lock.lease import Lease

PAUSE = 0.5  # seconds between two looks
_SAY_EVERY = 10  # seconds


class Turn:
    """A waiter: whom it waits for, and since when nothing of the lock has changed before its eyes."""

    def __init__(self, hold: Hold, tell: Callable[[str], None]):
        self._hold, self._tell = hold, tell
        self._began, self._since, self._seen = clock(), clock(), None
        self.before: Lease | None = None

    def wait(self, seconds: float) -> str:
        """Take the lock; whom that took waiting for, in words.

        Locked after ``seconds``, or at once if a person holds it.
        """
        if not wait.within(self._look, seconds, PAUSE):
            raise Locked(self._hold.environment, self.before, self.waited)
        return f"waited {self.waited:.0f} s for {self.before.holder}" if self.before else ""

    @property
    def waited(self) -> float:
        return clock() - self._began

    def _look(self) -> bool:
        found = self._hold.read()
        self._notice(found)
        if lease.is_free(found, clock() - self._since):
            return self._hold.take(found)
        if not found.seconds:
            raise Locked(self._hold.environment, found)
        self.before = found
        so_far = self.waited // _SAY_EVERY * _SAY_EVERY
        self._tell(f"waits for {found.holder}" + (f", {so_far:.0f} s so far" if so_far else ""))
        return False

    def _notice(self, found: Lease | None) -> None:
        beat = found.beat if found else None
        if beat != self._seen:
            self._seen, self._since = beat, clock()
