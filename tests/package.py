"""The package for Python processes that a test starts: they do not inherit this one's path."""

import os
import signal

from aks_flow.rehearsal.standins.process.processes import SOURCES

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SOURCES)}


def hear_stops() -> None:
    """In the child, before exec: a shell that runs the tests in the background has them ignore Ctrl-C."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
