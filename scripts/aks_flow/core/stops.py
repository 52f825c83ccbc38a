"""What stops a run: a person's Ctrl-C, a runner's SIGTERM, the end of its terminal or connection."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_KEEPS_RUNNING = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN  # as nohup has told it
STOPS = (signal.SIGINT, signal.SIGTERM, *(() if _KEEPS_RUNNING else (signal.SIGHUP,)))


def become_interrupts() -> None:
    """A run puts in order what it has begun. What it was told to ignore it goes on to ignore."""
    for number in STOPS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


@contextmanager
def stops_taken_by(handler: Callable | signal.Handlers) -> Iterator[None]:
    """Let ``handler`` take the stops that come during the block, as `signal.signal` calls it.

    Python takes signals in its main thread alone, also those that reached another one: elsewhere this does
    nothing.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in STOPS}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier or signal.SIG_DFL)
