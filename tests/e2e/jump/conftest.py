"""Fixtures: an SSH server, and a person whose ~/.ssh knows it."""

import os
import sys
from pathlib import Path

import pytest

from aks_flow.target.ssh_runner import JumpHost
from tests.e2e.jump import sshd
from tests.programs import need


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Its sessions find the programs of this environment."""
    need("sshd", "ssh-keygen")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    with sshd.running(tmp_path_factory.mktemp("sshd"), path) as running:
        yield running


def home(folder: Path, server: sshd.Sshd) -> Path:
    """A home with the key that the server takes, and with the server's key as known."""
    ssh = folder / "home" / ".ssh"
    ssh.mkdir(parents=True)
    (ssh / "known_hosts").write_text(server.known_line())
    (ssh / "config").write_text(f"IdentityFile {server.client_key}\nIdentitiesOnly yes\n")
    return ssh.parent


@pytest.fixture
def person(server, tmp_path, monkeypatch):
    """The folder .ssh of this test's person."""
    monkeypatch.setenv("HOME", str(home(tmp_path, server)))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return tmp_path / "home" / ".ssh"


@pytest.fixture
def narrow_host(tmp_path, monkeypatch):
    """One that takes two commands at once."""
    need("sshd", "ssh-keygen")
    folder = tmp_path / "narrow"
    folder.mkdir()
    with sshd.running(folder, os.environ["PATH"], sessions=2) as server:
        monkeypatch.setenv("HOME", str(home(tmp_path, server)))
        there = JumpHost(server.address)
        yield there
        there.close()


@pytest.fixture
def host(server, person):
    there = JumpHost(server.address)
    yield there
    there.close()
