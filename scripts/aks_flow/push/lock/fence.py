"""A delivery that holds its environment's lock: it changes something only while it does."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.patience import Patient
from aks_flow.core.runner import Runner, RunnerAround
from aks_flow.core.stops import stops_taken_by
from aks_flow.push.lock.holder import LeaseLock, this_run
from aks_flow.push.lock.queue import Waiter
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class HeldLock:
    """context: the delivery's, whose runner now changes nothing without the lock.

    new_namespace: whether the namespace was made for it. replaced: the version of the Lease that it replaced.
    """

    context: DeliveryContext
    new_namespace: bool
    replaced: str


class Fenced(RunnerAround):
    """Runs commands; LockLost instead of running one that changes something when the lock is lost.

    What is followed only reads.
    """

    def __init__(self, inner: Runner, lock: LeaseLock):
        super().__init__(inner)
        self._lock = lock

    def run(self, command: Command) -> Result:
        if not command.reads:
            self._lock.check()
        return self.inner.run(command)


@contextmanager
def hold_lock(context: DeliveryContext, environment: str, namespace: str = "") -> Iterator[HeldLock]:
    """Wait for the environment's lock and hold it; given back at the end, on Ctrl-C and SIGTERM too.

    namespace: the manifest of its namespace, in case it is not there. Locked if a person has locked the
    environment, or if others deliver there for longer than `lock.wait` seconds.
    """
    lock = LeaseLock(context.run, context.cluster(environment), environment, this_run(), namespace)
    try:
        with context.steps("lock") as step:
            step.note = Waiter(lock, partial(context.steps.progress, step)).wait(context.config.lock.wait)
        with _beating(lock):
            fenced = replace(context, run=Patient(Fenced(context.run, lock)))
            yield HeldLock(fenced, lock.made_namespace, lock.replaced)
    finally:
        with stops_taken_by(signal.SIG_IGN):  # not even a second one leaves the lock behind
            lock.release()


@contextmanager
def _beating(lock: LeaseLock) -> Iterator[None]:
    """Renew the lock until the block ends."""
    ended = threading.Event()
    threading.Thread(target=_beat, args=(lock, ended), daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _beat(lock: LeaseLock, ended: threading.Event) -> None:
    while not ended.wait(lock.heartbeat):
        with suppress(AksFlowError):  # `check` finds out whether that was a loss
            lock.renew()
