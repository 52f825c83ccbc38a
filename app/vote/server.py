"""The web server: waitress, with a limit on the time in which a request must arrive, and an end that drains.

Waitress reads requests in one loop and hands them to a thread when they are whole: a client that sends
slowly, or nothing, holds a connection and no thread. What the cluster asks has a listener and threads of its
own, so that no visitor stands in its way.
"""

import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask

from vote.app import Apps
from vote.lifecycle import drain_seconds, draining

_ARRIVAL_SECONDS = 10
FINISH_SECONDS = 20  # for requests that still run when the draining is over
_LOOK_SECONDS = 0.5
_LIMITS = {
    "backlog": 1024,
    "connection_limit": 2000,
    "channel_timeout": 30,  # of a kept connection on which nothing happens
    "cleanup_interval": 1,
    "max_request_header_size": 32 * 1024,
    "max_request_body_size": 64 * 1024,  # never a file: its buffer in memory holds more
    "asyncore_use_poll": True,
    "ident": None,
}


@dataclass(frozen=True)
class Listeners:
    """Where to listen, each as HOST:PORT.

    arrival_seconds: what the head and body of a request may take together. threads: that answer visitors.
    """

    public: str
    internal: str
    arrival_seconds: float = _ARRIVAL_SECONDS
    threads: int = 8

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> "Listeners":
        """Reads LISTEN, LISTEN_INTERNAL and ARRIVAL_SECONDS."""
        return cls(
            environ.get("LISTEN", "0.0.0.0:8080"),
            environ.get("LISTEN_INTERNAL", "0.0.0.0:8081"),
            float(environ.get("ARRIVAL_SECONDS", _ARRIVAL_SECONDS)),
        )


class _Task(WSGITask):
    def build_response_header(self) -> bytes:
        if draining.is_set():  # clients move elsewhere
            self.set_close_on_finish()
        return super().build_response_header()


class _Channel(HTTPChannel):
    """began: when the request that is being read began; the connection itself until there is one."""

    task_class = _Task

    def __init__(self, *given, **named):
        self.began = time.monotonic()
        super().__init__(*given, **named)

    def received(self, data: bytes) -> bool:
        before = self.request
        taken = super().received(data)
        if self.request is not before:
            self.began = time.monotonic()
        return taken

    @property
    def is_busy(self) -> bool:
        """Whether a request is being read or answered, or its answer sent."""
        return bool(self.request or self.requests or self.total_outbufs_len)


class _Server(TcpWSGIServer):
    channel_class = _Channel
    arrival_seconds = _ARRIVAL_SECONDS

    def maintenance(self, now: float) -> None:
        super().maintenance(now)
        for channel in self.active_channels.values():
            if channel.request and time.monotonic() - channel.began > self.arrival_seconds:
                channel.will_close = True

    def stop_listening(self) -> None:
        """Refuse connections; those that are open go on."""
        wasyncore.dispatcher.close(self)


def serve(apps: Apps, listeners: Listeners) -> None:
    """Serve until SIGTERM or SIGINT; then go on for the drain time, finish what runs, and return."""
    sockets: dict = {}
    internal = _listen(apps.internal, listeners.internal, 2, sockets)
    public = _listen(apps.public, listeners.public, listeners.threads, sockets)
    public.arrival_seconds = listeners.arrival_seconds
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: draining.set())
    look = partial(wasyncore.loop, timeout=_LOOK_SECONDS, use_poll=True, map=sockets, count=1)
    while not draining.is_set():
        look()
    _until(lambda: False, drain_seconds(), look)
    public.stop_listening()
    _until(lambda: not _busy(public), FINISH_SECONDS, look)
    public.task_dispatcher.shutdown()
    internal.task_dispatcher.shutdown()


def _listen(app, address: str, threads: int, sockets: dict) -> _Server:
    dispatcher = ThreadedTaskDispatcher()
    dispatcher.set_thread_count(threads)
    return _Server(app, sockets, dispatcher=dispatcher, adj=Adjustments(listen=address, **_LIMITS))


def _busy(server: _Server) -> bool:
    """Whether somebody still waits; who is late is sent away."""
    server.maintenance(time.time())
    return any(channel.is_busy for channel in server.active_channels.values())


def _until(condition, seconds: float, look) -> None:
    due = time.monotonic() + seconds
    while not condition() and time.monotonic() < due:
        look()
