"""A way to a cluster that can be closed: whoever goes through it then finds no API server."""

import socket
import threading
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import yaml

_CHUNK = 64 * 1024
_HTTPS = 443
_PRIVATE = 0o600  # a kubeconfig has its user's credentials


class Gate:
    """Forwards connections from a port of this machine to an address, while it is open.

    taken: how many there were.
    """

    def __init__(self, host: str, port: int):
        self._target, self._open = (host, port), []
        self._listener: socket.socket | None = None
        self.port = 0
        self.taken = 0
        self.open()

    def open(self) -> None:
        """Take connections, on the same port as before."""
        self._listener = socket.create_server(("127.0.0.1", self.port))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        """Refuse connections, and cut those that there are."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._open:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._open = []

    def closed_for(self, seconds: float) -> threading.Timer:
        """Closed now, and open again that much later; `join` waits for it."""
        self.close()
        timer = threading.Timer(seconds, self.open)
        timer.start()
        return timer

    def _serve(self, listener: socket.socket) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = listener.accept()
                self.taken += 1
                server = socket.create_connection(self._target)
                self._open += [client, server]
                for pair in ((client, server), (server, client)):
                    threading.Thread(target=_forward, args=pair, daemon=True).start()


def _forward(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)


def through_gate(kubeconfig: Path, copy: Path, context: str) -> Gate:
    """A gate before the API server of a kubeconfig's context; ``copy`` becomes one that leads through it.

    context: "" for the current one.
    """
    settings = yaml.safe_load(kubeconfig.read_text())
    chosen = _named(settings["contexts"], context or settings["current-context"])["context"]
    cluster = _named(settings["clusters"], chosen["cluster"])["cluster"]
    address = urlsplit(cluster["server"])
    gate = Gate(address.hostname, address.port or _HTTPS)
    cluster.setdefault("tls-server-name", address.hostname)
    cluster["server"] = f"https://127.0.0.1:{gate.port}"
    copy.touch(mode=_PRIVATE)
    copy.write_text(yaml.safe_dump(settings))
    return gate


def _named(entries: list[dict], name: str) -> dict:
    return next(entry for entry in entries if entry["name"] == name)
