"""Who is served on a loopback port: this user's programs and root's, nobody else's."""

import os
import socket
import subprocess
import sys
from contextlib import contextmanager

import pytest

from aks_flow.rehearsal.standins.process import peers

AS_NOBODY = "import os; os.setgroups([]); os.setuid(65534); "  # behind the imports: nobody may not read them
IMPORTS = "import encodings.idna, socket, sys; "
CONNECT = "client = socket.create_connection(('127.0.0.1', int(sys.argv[1])))"
STAY = "print('connected', flush=True); sys.stdin.read()"
LEAVE = "client.sendall(b'GET / HTTP/1.1'); client.close(); print('gone', flush=True); sys.stdin.read()"

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another user")


@contextmanager
def visit(program: str, first: str = ""):
    """The server's end of a connection from another program."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        door.settimeout(20)
        call = [sys.executable, "-c", f"{IMPORTS}{first}{CONNECT}; {program}", str(door.getsockname()[1])]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        with subprocess.Popen(call, **pipes) as client:
            visitor, _ = door.accept()
            client.stdout.readline()
            with visitor:
                yield visitor
            client.stdin.close()


def test_a_program_of_the_same_user_is_served():
    with visit(STAY) as visitor:
        assert peers.is_served(visitor)


def test_a_program_that_speaks_ipv6_to_the_same_address_is_served():
    with socket.create_server(("127.0.0.1", 0)) as door, socket.socket(socket.AF_INET6) as client:
        client.connect(("::ffff:127.0.0.1", door.getsockname()[1]))
        visitor, _ = door.accept()
        with visitor:
            assert peers.is_served(visitor)


@needs_root
@pytest.mark.parametrize("program", [STAY, LEAVE], ids=["stays", "leaves before it is looked at"])
def test_a_program_of_another_user_is_not_served(program):
    with visit(program, AS_NOBODY) as visitor:
        assert not peers.is_served(visitor)


def test_a_system_that_does_not_tell_serves_everybody(monkeypatch, tmp_path):
    monkeypatch.setattr(peers, "_TABLES", (tmp_path / "tcp",))
    with visit(STAY) as visitor:
        assert peers.is_served(visitor)
