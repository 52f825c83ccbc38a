"""The service as a process: ``python -m aks_flow.rehearsal.standins.github --state DIR --repository DIR``."""

import logging
import signal
import threading

from aks_flow.rehearsal.standins.github.options import hub
from aks_flow.rehearsal.standins.github.service import serve


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("sh").setLevel(logging.WARNING)  # it tells of every program that is started
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    serve(hub(), stopping)


if __name__ == "__main__":
    main()
