"""A real OpenSSH server on loopback: unprivileged port, own keys, own configuration, all in one folder."""

import contextlib
import getpass
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from aks_flow.core import wait
from tests.ports import free_ports

# The host's programs are the environment's, as on a jump host that somebody has set up.
_CONFIG = """\
Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_key
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/authorized_keys
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
PermitUserEnvironment no
SetEnv "PATH={path}"
LogLevel ERROR
MaxSessions {sessions}
"""


@dataclass(frozen=True)
class Sshd:
    folder: Path
    port: int

    @property
    def address(self) -> str:
        return f"{getpass.getuser()}@127.0.0.1:{self.port}"

    @property
    def client_key(self) -> Path:
        return self.folder / "client_key"

    @contextlib.contextmanager
    def silent(self) -> Iterator[None]:
        """Its sessions take nothing and say nothing, as those of a host that is gone; then they end."""
        master = psutil.Process(int((self.folder / "sshd.pid").read_text()))
        sessions = master.children(recursive=True)
        for process in sessions:
            process.suspend()
        try:
            yield
        finally:
            for process in sessions:
                process.kill()

    def known_line(self, key: str = "host_key") -> str:
        kind, text = (self.folder / f"{key}.pub").read_text().split()[:2]
        return f"[127.0.0.1]:{self.port} {kind} {text}\n"


def key(file: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", file], check=True)


@contextlib.contextmanager
def running(folder: Path, path: str, sessions: int = 10) -> Iterator[Sshd]:
    """path: PATH of the sessions; sessions: how many it takes at once on a connection, its own default."""
    server = Sshd(folder, *free_ports(1))
    for name in ("host_key", "client_key", "other_key"):
        key(folder / name)
    (folder / "authorized_keys").write_text((folder / "client_key.pub").read_text())
    config = folder / "sshd_config"
    config.write_text(_CONFIG.format(port=server.port, folder=folder, path=path, sessions=sessions))
    if os.geteuid() == 0:  # root's sshd insists on the folder that its service makes at boot
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    program = shutil.which("sshd") or "/usr/sbin/sshd"  # it insists on an absolute path
    process = subprocess.Popen([program, "-D", "-e", "-f", config], stderr=sys.stderr)
    try:
        wait.until(lambda: _answers(server.port), "sshd", 30)
        yield server
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
