"""A registry that says any bytes at all, without a network: what it says is read as from a socket."""

import http.client
import io
from collections.abc import Callable

Say = Callable[[str], bytes]  # from the request's first line to the whole answer


class _Socket:
    def __init__(self, say: Say):
        self._say, self._asked = say, b""

    def sendall(self, data: bytes) -> None:
        if not self._asked:
            self._asked = bytes(data)

    def makefile(self, *_) -> io.BytesIO:
        first, self._asked = self._asked.partition(b"\r\n")[0], b""
        return io.BytesIO(self._say(first.decode("latin-1")))

    def setsockopt(self, *_) -> None: ...
    def shutdown(self, *_) -> None: ...
    def close(self) -> None: ...


class Connection(http.client.HTTPConnection):
    """One whose other side is a function."""

    def __init__(self, host: str, say: Say):
        super().__init__(host)
        self._say = say

    def connect(self) -> None:
        self.sock = _Socket(self._say)


def answer(status: bytes, headers: list[tuple[bytes, bytes]], body: bytes) -> bytes:
    lines = [b"HTTP/1.1 " + status, *(name + b": " + value for name, value in headers)]
    return b"\r\n".join([*lines, b"", body])
