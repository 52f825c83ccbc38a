"""A delivery that holds its environment's lock."""

import signal
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import partial

from aks_flow.core.command import Command, Result
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Follower, Hear, Runner
from aks_flow.push.lock.holder import Hold, this_run
from aks_flow.push.lock.queue import Turn
from aks_flow.target.delivery import DeliveryContext


@dataclass(frozen=True)
class Held:
    """The delivery, whose runner now changes nothing without the lock; was the namespace made for it?"""

    context: DeliveryContext
    new_namespace: bool


class Fenced:
    """Runs what changes something only while the lock is ours."""

    def __init__(self, run: Runner, hold: Hold):
        self._run, self._hold = run, hold

    def run(self, command: Command) -> Result:
        if not command.reads:
            self._hold.check()
        return self._run.run(command)


class FencedFollower(Fenced):
    """One that follows too: what is followed reads."""

    def follow(self, command: Command, hear: Hear) -> AbstractContextManager[None]:
        return self._run.follow(command, hear)


def _fenced(run: Runner, hold: Hold) -> Runner:
    return FencedFollower(run, hold) if isinstance(run, Follower) else Fenced(run, hold)


@contextmanager
def held(context: DeliveryContext, environment: str, namespace: str = "") -> Iterator[Held]:
    """Wait for the environment's lock and hold it; given back at the end, on Ctrl-C and SIGTERM too.

    namespace: the manifest of its namespace, in case it is not there. Locked if a person has locked the
    environment, or if others deliver there for longer than `lock.wait` seconds.
    """
    hold = Hold(context.run, context.cluster(environment), environment, this_run(), namespace)
    try:
        with context.steps("lock") as step:
            step.note = Turn(hold, partial(context.steps.progress, step)).wait(context.config.lock.wait)
        with _beating(hold):
            yield Held(replace(context, run=_fenced(context.run, hold)), hold.made_namespace)
    finally:
        with _undisturbed():
            hold.release()


@contextmanager
def _beating(hold: Hold) -> Iterator[None]:
    """Signs of life until the end."""
    ended = threading.Event()
    threading.Thread(target=_beat, args=(hold, ended), daemon=True).start()
    try:
        yield
    finally:
        ended.set()


def _beat(hold: Hold, ended: threading.Event) -> None:
    while not ended.wait(hold.heartbeat):
        with suppress(AksFlowError):  # `check` finds out whether that was a loss
            hold.renew()


@contextmanager
def _undisturbed() -> Iterator[None]:
    """A second Ctrl-C, or the SIGTERM that follows it, does not cut the clean-up short."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
