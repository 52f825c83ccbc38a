"""A connection that answers stays; the other kind is shown with a real server, in e2e/jump."""

import threading

import pytest
from paramiko import SSHException

from aks_flow.target import ssh_keepalive

DEADLINE = 30  # seconds


class Questioned:
    """A connection, as paramiko has them, that is closed by the other end after some questions."""

    def __init__(self, questions: int, last: Exception | None = None):
        self.left, self._last, self.closed = questions, last, False

    def is_active(self) -> bool:
        return self.left > 0 and not self.closed

    def global_request(self, kind: str, wait: bool) -> None:
        assert wait
        self.left -= 1
        if self._last and not self.left:
            raise self._last

    def join(self, seconds: float) -> None:
        """Its end is not waited for."""

    def close(self) -> None:
        self.closed = True

    def deadlines(self) -> list[threading.Timer]:
        timers = [thread for thread in threading.enumerate() if isinstance(thread, threading.Timer)]
        return [timer for timer in timers if timer.function == self.close]


def asked(connection: Questioned) -> None:
    ssh_keepalive.watch(connection)
    for thread in threading.enumerate():
        if thread.name == "keepalive":
            thread.join(DEADLINE)
    for deadline in connection.deadlines():
        deadline.join(DEADLINE)


def test_a_connection_that_answers_is_asked_again_and_left_open():
    connection = Questioned(3)
    asked(connection)
    assert (connection.left, connection.closed, connection.deadlines()) == (0, False, [])


@pytest.mark.parametrize(
    "error", [OSError(), EOFError(), SSHException()], ids=lambda error: type(error).__name__
)
def test_one_that_breaks_off_is_closed(error):
    connection = Questioned(2, error)
    asked(connection)
    assert (connection.closed, connection.deadlines()) == (True, [])
