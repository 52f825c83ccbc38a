"""A gate before a server: open, closed for a while, and open again at the same place."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import yaml

from aks_flow.rehearsal.scenarios.drills.gate import Gate, through_gate

KUBECONFIG = {
    "current-context": "other",
    "contexts": [
        {"name": "other", "context": {"cluster": "far"}},
        {"name": "mine", "context": {"cluster": "near"}},
    ],
    "clusters": [
        {"name": "far", "cluster": {"server": "https://far.example:6443"}},
        {"name": "near", "cluster": {"server": "https://near.example"}},
    ],
}


@pytest.fixture
def echo() -> Iterator[int]:
    """The port of a server that says what it hears."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answer, args=(server,), daemon=True).start()
        yield server.getsockname()[1]


def answer(server: socket.socket) -> None:
    with suppress(OSError):  # closed
        while True:
            client, _ = server.accept()
            threading.Thread(target=say_again, args=(client,), daemon=True).start()


def say_again(client: socket.socket) -> None:
    while data := client.recv(100):
        client.sendall(data)


def says(connection: socket.socket, word: bytes) -> bytes:
    connection.sendall(word)
    return connection.recv(100)


def test_a_closed_gate_refuses_and_cuts_and_opens_again_at_the_same_port(echo):
    gate = Gate("127.0.0.1", echo)
    with socket.create_connection(("127.0.0.1", gate.port)) as connection:
        assert says(connection, b"hello") == b"hello"
        opened = gate.closed_for(0.2)
        assert connection.recv(100) == b""
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", gate.port))
    opened.join()
    with socket.create_connection(("127.0.0.1", gate.port)) as connection:
        assert says(connection, b"again") == b"again"
    gate.close()


@pytest.mark.parametrize(
    ("context", "cluster", "host"), [("", 0, "far.example"), ("mine", 1, "near.example")]
)
def test_a_kubeconfig_leads_through_the_gate_in_the_context_that_is_asked_for(
    tmp_path, context, cluster, host
):
    original, copy = tmp_path / "original", tmp_path / "copy"
    original.write_text(yaml.safe_dump(KUBECONFIG))
    gate = through_gate(original, copy, context)
    entries = yaml.safe_load(copy.read_text())["clusters"]
    through = {"server": f"https://127.0.0.1:{gate.port}", "tls-server-name": host}
    assert entries[cluster]["cluster"] == through
    assert entries[1 - cluster] == KUBECONFIG["clusters"][1 - cluster]
    assert Path(copy).stat().st_mode & 0o077 == 0
    gate.close()
