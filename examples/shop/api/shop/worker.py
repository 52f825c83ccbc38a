"""Packs orders, oldest first, until SIGTERM."""

import signal
import threading
from contextlib import closing

from shop import database

PAUSE = 1  # seconds, where no order waits


def main() -> None:
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    with closing(database.connect()) as connection:
        while not stop.is_set():
            number = database.pack(connection)
            print(f"packed order {number}") if number else stop.wait(PAUSE)


if __name__ == "__main__":
    main()
