"""Waiting for one's turn at an environment's lock."""

from collections.abc import Callable

from aks_flow.core import wait
from aks_flow.push.lock import lease
from aks_flow.push.lock.errors import Locked, NotTaken
from aks_flow.push.lock.holder import LeaseLock, clock
from aks_flow.push.lock.lease import Lease

PAUSE = 0.5  # seconds between two looks
_SAY_EVERY = 10  # seconds


class Waiter:
    """Waits for a lock, and notes since when it has not seen the lock change.

    tell: hears whom it waits for.
    """

    def __init__(self, lock: LeaseLock, tell: Callable[[str], None]):
        self._lock, self._tell = lock, tell
        self._began, self._since, self._beat = clock(), clock(), None
        self._before: Lease | None = None

    def wait(self, seconds: float) -> str:
        """Take the lock; gives in words whom this run has waited for, "" for nobody.

        Locked after ``seconds``, or at once if a person holds it; NotTaken if it is free and cannot be taken.
        """
        if not wait.within(self._try, seconds, PAUSE):
            if self._before is None:  # nobody has it, and it cannot be taken
                raise NotTaken(self._lock.environment, self._waited)
            raise Locked(self._lock.environment, self._before, self._waited)
        return f"waited {self._waited:.0f} s for {self._before.holder}" if self._before else ""

    @property
    def _waited(self) -> float:
        return clock() - self._began

    def _try(self) -> bool:
        stored = self._lock.read()
        self._notice(stored)
        if lease.is_free(stored, clock() - self._since):
            return self._lock.acquire(stored)
        if not stored.seconds:
            raise Locked(self._lock.environment, stored)
        self._before = stored
        so_far = self._waited // _SAY_EVERY * _SAY_EVERY
        self._tell(f"waits for {stored.holder}" + (f", {so_far:.0f} s so far" if so_far else ""))
        return False

    def _notice(self, stored: Lease | None) -> None:
        beat = stored.beat if stored else None
        if beat != self._beat:
            self._beat, self._since = beat, clock()
