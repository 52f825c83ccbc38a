"""Packs orders, oldest first, until SIGTERM."""

import signal
import threading
from contextlib import closing
from pathlib import Path

from shop import database

PAUSE = 1  # seconds, where no order waits
# Touched again and again: the probes look how long ago. Alive is also who waits for the database.
AT_WORK, ALIVE = Path("/tmp/at-work"), Path("/tmp/alive")


def main() -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    while not stop.is_set():
        work(stop)


def work(stop: threading.Event) -> None:
    """Pack until ``stop`` is set or the database is away: it gets a new pod now and then."""
    try:
        with closing(database.connect()) as connection:
            while not stop.is_set():
                number = database.pack(connection)
                AT_WORK.touch()
                ALIVE.touch()
                print(f"packed order {number}") if number else stop.wait(PAUSE)
    except database.errors() as error:
        print(f"no database: {error}")
        ALIVE.touch()
        stop.wait(PAUSE)


if __name__ == "__main__":
    main()
