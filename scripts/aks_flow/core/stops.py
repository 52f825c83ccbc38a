"""What stops a run: a person's Ctrl-C and a runner's SIGTERM."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPS = (signal.SIGINT, signal.SIGTERM)


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
