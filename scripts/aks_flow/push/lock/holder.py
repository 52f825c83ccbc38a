"""An environment's lock as one run holds it: read, acquired, renewed, checked, released."""

import os
import threading
import time
import uuid
from contextlib import suppress
from datetime import UTC, datetime

from aks_flow.core import actor
from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.push.lock import lease
from aks_flow.push.lock.errors import LockLost, NoNamespace
from aks_flow.push.lock.lease import SECONDS, Holder, Lease
from aks_flow.rollout.namespace_secrets import make_namespace
from aks_flow.tools.kubectl import Kubectl, create, get, output, replace

_LOST_RACE = ("AlreadyExists", "Conflict")  # somebody else wrote the Lease first
_GONE = "NotFound"  # the Lease that was read, or the namespace of one that is to be made
_SURPRISES = 3  # changes of the Lease by others, one after the other, before the next heartbeat is waited for
_ENDING = "being terminated"  # what the server says of a namespace


def clock() -> float:
    """Seconds, the machine's sleep included where it has a clock that counts it."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def this_run(reason: str = "") -> Holder:
    return Holder(uuid.uuid4().hex, actor.name(os.environ), actor.run_url(os.environ), reason)


class LeaseLock:
    """One run's view of the lock. Safe to share between threads.

    namespace: the manifest of the lock's namespace, which is made if it is not there; "" if it must be there.
    made_namespace: whether it was made.
    replaced: the version of the Lease that this run's own replaced, "" if there was none.
    """

    def __init__(self, run: Runner, cluster: Kubectl, environment: str, holder: Holder, namespace: str = ""):
        self._run, self._cluster, self.environment, self.holder = run, cluster, environment, holder
        self._namespace, self.made_namespace, self.replaced = namespace, False, ""
        self._mutex = threading.RLock()
        self._lease: Lease | None = None
        self._alive, self._lost = 0.0, ""
        self._seconds = SECONDS  # that the lock lasts without a sign of life

    @property
    def heartbeat(self) -> float:
        """Seconds between two renewals."""
        return lease.heartbeat(self._seconds)

    def read(self) -> Lease | None:
        """The Lease as it is now; None if there is none."""
        began = clock()
        answer = self._run.run(get.lease(self._cluster, lease.NAME))
        if self._lease is None:
            self._seconds = lease.lasting(clock() - began)
        return lease.parse(answer.text)

    def acquire(self, before: Lease | None) -> bool:
        """Create or replace the Lease that was read; False if that has to be tried again.

        NoNamespace if there is none, and none is to be made.
        """
        mine = lease.taken(before, self.holder, datetime.now(UTC), self._seconds)
        began, write, lost = clock(), self._writing(mine), (*_LOST_RACE, *([_GONE] if mine.version else []))
        answer = self._run.run(write)
        if output.refusal(answer) == _GONE and not mine.version:
            if not self._namespace:
                raise NoNamespace(self.environment, self._cluster.namespace)
            self.made_namespace = make_namespace(self._run, self._cluster, self._namespace)
            answer = self._run.run(write)
        if answer.code == 0:
            self._keep(answer, began)
            self.replaced = mine.version
        elif output.refusal(answer) not in lost and _ENDING not in answer.error_text:
            raise CommandFailed(write, answer)
        return answer.code == 0

    def renew(self) -> None:
        """Renew the Lease once; the lock is not lost yet if no answer comes."""
        with self._mutex:
            if self._lease is None or self._lost:
                return
            for _ in range(_SURPRISES):
                if self._renewed():
                    return
                self._read_again()
                if self._lost:
                    return

    def _renewed(self) -> bool:
        """Write a sign of life; False if somebody has changed the Lease since it was read."""
        began = clock()
        answer = self._run.run(self._writing(lease.renewed(self._lease, datetime.now(UTC))))
        if answer.code == 0:
            self._keep(answer, began)
        return output.refusal(answer) not in ("Conflict", "NotFound")

    def _read_again(self) -> None:
        """The Lease may still be ours, as when a label was added, or when our own write got no answer.

        That is no sign of life: whoever waits counts from the last one that we wrote.
        """
        stored = self.read()
        if self._is_mine(stored):
            self._lease = stored
        else:
            removed = f"somebody removed it, or namespace/{self._cluster.namespace}"
            self._lost = f"{stored.holder} has it" if stored and stored.holder else removed

    def check(self) -> None:
        """LockLost unless this run is sure to hold the lock."""
        with self._mutex:
            if clock() - self._alive > 2 * self.heartbeat:  # until then it is ours without asking
                self.renew()
            if self._lost:
                raise LockLost(self.environment, self._lost)
            if clock() - self._alive > self._seconds - self.heartbeat:
                raise LockLost(self.environment, "the cluster does not answer", unanswered=True)

    def release(self) -> None:
        """Give the lock back if this run holds it, whatever came of its last write.

        If that fails, the lock expires.
        """
        with self._mutex, suppress(AksFlowError):
            known, self._lease = self._lease, None
            if known and self.take_off(known):
                return
            stored = self.read()
            if self._is_mine(stored):
                self.take_off(stored)

    def _is_mine(self, stored: Lease | None) -> bool:
        return bool(stored and stored.holder and stored.holder.id == self.holder.id)

    def take_off(self, stored: Lease) -> bool:
        """Leave the Lease without a holder; False if it has changed since it was read, or nobody answers."""
        write = self._writing(lease.released(stored))
        answer = self._run.run(write)
        if output.refusal(answer) not in ("", "Conflict", _GONE):
            raise CommandFailed(write, answer)
        return answer.code == 0

    def _writing(self, new: Lease) -> Command:
        text = lease.manifest(new, self._cluster.namespace)
        return (
            replace.version(self._cluster, text) if new.version else create.unless_there(self._cluster, text)
        )

    def _keep(self, answer: Result, began: float) -> None:
        self._lease, self._alive = lease.parse(answer.text), began
