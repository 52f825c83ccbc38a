"""The stand-ins' start: what is lacking is brought before anything starts."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from aks_flow.core.errors import AksFlowError
from aks_flow.core.steps import Silent, Steps
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.standins.docker import engine, registry
from aks_flow.rehearsal.standins.kubernetes import credentials
from aks_flow.rehearsal.standins.process.serving import tls
from tests.unit.planned import Planned


def test_nothing_starts_while_something_is_lacking(monkeypatch, config):
    def fail(*_):
        raise AksFlowError("the disk is full", next_step="Free some room.")

    monkeypatch.setattr(registry, "is_running", lambda run, config: False)
    monkeypatch.setattr(stack, "runs_at", lambda process, port, key: False)
    monkeypatch.setattr(engine, "is_given", lambda run: True)
    monkeypatch.setattr(stack, "bring", fail)
    steps = Steps(Silent())
    with pytest.raises(AksFlowError, match="the disk is full"):
        stack.up(Planned({}), config, steps, pytest.fail)
    assert steps.done == []


class Ready(BaseHTTPRequestHandler):
    """An API server that has come up."""

    def do_GET(self):  # noqa: N802 - http.server's name
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def served(tmp_path) -> tuple[Path, int]:
    credentials.make(tmp_path)
    server = HTTPServer(("127.0.0.1", 0), Ready)
    server.socket = tls(tmp_path).wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield tmp_path, server.server_port
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "all_proxy"])
def test_no_proxy_is_asked_for_what_is_on_this_machine(served, monkeypatch, name):
    """Companies' machines name one, and except no loopback."""
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert stack._is_ready(*served)
