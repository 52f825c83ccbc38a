"""One `kubectl proxy` for a delivery: what kubectl would be started for again and again goes through it.

A start of kubectl takes longer than most of its requests, and computes while a new pod would. So a command
that `exchange` knows is asked of the proxy. Whenever that does not give the answer that was hoped for,
kubectl itself runs: its words on what is wrong are what everybody reads.
"""

import http.client
import json
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from aks_flow.core import silence, trace
from aks_flow.core.command import Command, Result
from aks_flow.core.reading import UNREADABLE
from aks_flow.core.runner import Follower, Hear
from aks_flow.core.side_by_side import side_by_side
from aks_flow.target.delivery import DeliveryContext
from aks_flow.target.request_limit import SECONDS
from aks_flow.tools.kubectl import Kubectl, proxy
from aks_flow.tools.kubectl.exchange import ApiAnswer, ApiRequest, Exchange, exchange

_STARTS = 2  # seconds until it serves; another kubectl would start no sooner
_UNANSWERED = (OSError, http.client.HTTPException, UnicodeError)  # UnicodeError: of an address
_NOT_SENT = ApiAnswer(http.client.BAD_GATEWAY, (), b"the proxy is gone")


@contextmanager
def through_proxy(context: DeliveryContext, environment: str) -> Iterator[DeliveryContext]:
    """The delivery with a proxy to the environment's cluster; the same where kubectl does not run here.

    Only who may enter the folder of its socket reaches the proxy: this user.
    """
    if context.config.of(environment).destination.via or not isinstance(context.run, Follower):
        yield context
        return
    with tempfile.TemporaryDirectory(prefix="aks-flow-", ignore_cleanup_errors=True) as folder:
        proxied = Proxied(context.run, context.cluster(environment), Path(folder, "api"))
        with context.run.follow(proxied.serve, proxied.hear):
            yield replace(context, run=proxied)


class Proxied:
    """Runs commands, those of the cluster through its proxy where that knows them."""

    def __init__(self, run: Follower, cluster: Kubectl, path: Path):
        self._run, self._path, self.serve = run, path, proxy.on_socket(cluster, path)
        self._has_spoken, self._serves = threading.Event(), False

    def hear(self, said: bytes | Result) -> None:
        """What the proxy says: that it serves; and at its end nothing is asked of it any more."""
        self._serves = isinstance(said, bytes) and (self._serves or proxy.says_that_it_serves(said))
        if self._serves or isinstance(said, Result):
            self._has_spoken.set()

    def run(self, command: Command) -> Result:
        asked = self._exchange(command)
        return (self._answer(asked, command) if asked else None) or self._run.run(command)

    def follow(self, command: Command, hear: Hear) -> AbstractContextManager[None]:
        asked = self._exchange(command)
        stream = _opened(self._path, asked.requests[0]) if asked else None
        return _followed(stream, command, hear) if stream else self._run.follow(command, hear)

    def _exchange(self, command: Command) -> Exchange | None:
        """None unless the command is for the proxy's cluster, with the same credentials, and known."""
        is_own = _context(command) == _context(self.serve) and command.env == self.serve.env
        asked = exchange(command) if is_own and command.argv[0] == self.serve.argv[0] else None
        return asked if asked and self._is_up() else None

    def _is_up(self) -> bool:
        if not self._has_spoken.wait(_STARTS):
            self._has_spoken.set()  # nobody else waits for it, should it come late
        return self._serves

    def _answer(self, asked: Exchange, command: Command) -> Result | None:
        """None if kubectl is to run: after a refusal, or where a second request does no harm."""
        answers = side_by_side(self._ask, asked.requests)
        if all(answer and _is_good(answer, asked.may_lack) for answer in answers):
            with suppress(*UNREADABLE):
                return asked.result(answers)
        lost = next(filter(None, map(_lost_words, answers)), "")
        return _lost(lost) if lost and not asked.reads else None

    def _ask(self, request: ApiRequest) -> ApiAnswer | None:
        """None if no answer came."""
        connection = _Connection(self._path, request.seconds or SECONDS)
        with trace.span(f"{request.method} {request.path}", trace.REQUEST):
            try:
                connection.connect()
            except OSError:
                return _NOT_SENT
            try:
                response = _sent(connection, request)
                return ApiAnswer(response.status, response.getheaders(), response.read())
            except _UNANSWERED:
                return None
            finally:
                connection.close()


def _lost_words(answer: ApiAnswer | None) -> str:
    """Why nobody knows what the server did with a request; "" if it, or the proxy alone, has refused it.

    The server's own words are a Status, in JSON, also on a webhook that it cannot reach.
    """
    if answer is None:
        return "unexpected EOF"
    said = answer.body.decode(errors="replace").strip()
    is_lost = answer.status >= 500 and not _is_status(answer) and silence.is_lost(_lost(said))
    return said if is_lost else ""


def _lost(words: str) -> Result:
    """As kubectl ends without an answer."""
    return Result(1, b"", f"error: {words}\n".encode())


def _context(command: Command) -> list[str]:
    return [word for word in command.argv if word.startswith("--context=")]


def _is_good(answer: ApiAnswer, may_lack: bool) -> bool:
    """A 404 may be another server's than the API's, which says what there is not."""
    return 200 <= answer.status < 300 or (may_lack and answer.status == 404 and _is_status(answer))


def _is_status(answer: ApiAnswer) -> bool:
    """Whether an answer is the API server's word on a failure."""
    with suppress(*UNREADABLE):
        return json.loads(answer.body)["kind"] == "Status"
    return False


class _Connection(http.client.HTTPConnection):
    """HTTP on a Unix socket; kubectl proxy answers who calls it localhost."""

    def __init__(self, path: Path, timeout: float | None):
        super().__init__("localhost", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))
        self._wire = self.sock  # http.client forgets it where the answer ends with the connection

    def end(self) -> None:
        """Whoever reads from it has read the last."""
        with suppress(OSError):  # the server may have ended it
            self._wire.shutdown(socket.SHUT_RDWR)


def _sent(connection: _Connection, request: ApiRequest) -> http.client.HTTPResponse:
    headers = {"Accept": "application/json, */*"} | (
        {"Content-Type": request.content} if request.body else {}
    )
    connection.request(request.method, request.path, request.body or None, headers)
    return connection.getresponse()


def _opened(path: Path, request: ApiRequest) -> tuple[_Connection, http.client.HTTPResponse] | None:
    """A response that goes on; None if there is none of success."""
    connection = _Connection(path, request.seconds)
    with suppress(*_UNANSWERED):
        response = _sent(connection, request)
        if response.status == http.client.OK:
            return connection, response
    connection.close()
    return None


@contextmanager
def _followed(
    stream: tuple[_Connection, http.client.HTTPResponse], command: Command, hear: Hear
) -> Iterator[None]:
    """Hand on a response's lines beside the block; see `Hear`."""
    connection, response = stream
    reader = threading.Thread(target=_hand_on, args=(response, hear), daemon=True)
    reader.start()
    try:
        with trace.span(str(command), trace.COMMAND):
            yield
    finally:
        connection.end()
        reader.join()
        connection.close()


def _hand_on(response: http.client.HTTPResponse, hear: Hear) -> None:
    try:
        for line in response:
            hear(line)
        hear(Result(0, b"", b""))
    except _UNANSWERED:
        hear(_lost("unexpected EOF"))
