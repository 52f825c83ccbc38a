"""The gunicorn worker that drains before it stops."""

import threading

from gunicorn.workers.gthread import ThreadWorker

from vote.lifecycle import drain_seconds, draining


class DrainingWorker(ThreadWorker):
    """A threaded worker that keeps accepting for ``drain_seconds`` after SIGTERM."""

    def handle_exit(self, sig, frame):
        draining.set()
        self.cfg.set("keepalive", 0)  # every answer now says "Connection: close": clients move elsewhere
        timer = threading.Timer(drain_seconds(), super().handle_exit, (sig, frame))
        timer.daemon = True
        timer.start()
