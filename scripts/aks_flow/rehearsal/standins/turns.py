"""The folder of a clone's rehearsal, and whose turn it is to work in it."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from aks_flow.core.config import Config


def make_state(config: Config) -> None:
    """The folder of everything that a rehearsal makes, for nobody else to read: Secrets are in there."""
    config.state.mkdir(parents=True, exist_ok=True)
    config.state.chmod(0o700)


@contextmanager
def turn(config: Config, tell: Callable[[str], None]) -> Iterator[None]:
    """One run at a time works in this clone's rehearsal; a second one says that it waits."""
    with (config.root / ".rehearsal.turn.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("another run works in this rehearsal: waiting for its end")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def locked(config: Config) -> Iterator[None]:
    """One up or down at a time; a second one waits. The kernel frees the lock of a killed process."""
    make_state(config)
    with (config.root / ".rehearsal.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
