"""The end of a process: not ready at once, serving a little longer, then finishing what runs.

After SIGTERM it takes a moment until every proxy has stopped sending requests here. A process that
closed its socket at once would refuse them.
"""

import os
import threading

from gunicorn.workers.gthread import ThreadWorker

draining = threading.Event()


def drain_seconds() -> float:
    """How long to keep serving after SIGTERM: DRAIN_SECONDS, 3 by default."""
    return float(os.environ.get("DRAIN_SECONDS", "3"))


class DrainingWorker(ThreadWorker):
    """A threaded worker that keeps accepting for ``drain_seconds`` after SIGTERM."""

    def handle_exit(self, sig, frame):
        draining.set()
        self.cfg.set("keepalive", 0)  # each answer now says "Connection: close": clients move elsewhere
        timer = threading.Timer(drain_seconds(), super().handle_exit, (sig, frame))
        timer.daemon = True
        timer.start()
