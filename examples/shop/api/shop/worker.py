"""Packs orders, oldest first, until SIGTERM."""

import signal
import threading
from contextlib import closing
from pathlib import Path

from shop import database

PAUSE = 1  # seconds, where no order waits
AT_WORK = Path("/tmp/at-work")  # touched again and again: the probes look how long ago


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
                print(f"packed order {number}") if number else stop.wait(PAUSE)
    except database.errors() as error:
        print(f"no database: {error}")
        stop.wait(PAUSE)


if __name__ == "__main__":
    main()
