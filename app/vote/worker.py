"""The gunicorn worker that drains before it stops."""

import threading

from gunicorn.workers.gthread import ThreadWorker

from vote.lifecycle import drain_seconds, draining


class DrainingWorker(ThreadWorker):
    """A threaded worker that keeps accepting for ``drain_seconds`` after SIGTERM."""

    def handle_exit(self, sig, frame):
        draining.set()
        self.max_keepalived = 0  # every answer now says "Connection: close": clients move elsewhere
        timer = threading.Timer(drain_seconds(), super().handle_exit, (sig, frame))
        timer.daemon = True
        timer.start()

    def set_accept_enabled(self, enabled):
        """Once stopped, refuses connections: an open socket would let clients in and keep them waiting."""
        super().set_accept_enabled(enabled)
        if not self.alive:
            for listener in self.sockets:
                listener.close()
