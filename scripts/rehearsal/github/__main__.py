"""The service as a process: ``python -m scripts.rehearsal.github --state DIR --repository DIR``."""

import logging
import signal
import threading

from scripts.rehearsal.github.options import hub
from scripts.rehearsal.github.service import serve


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("sh").setLevel(logging.WARNING)  # it tells of every program that is started
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    serve(hub(), stopping)


if __name__ == "__main__":
    main()
