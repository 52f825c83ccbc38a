"""A Docker engine of the tests' own beside the machine's, to be stopped and killed."""

import hashlib
import os
import subprocess
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest

from aks_flow.core import wait
from tests import programs

ANSWERS_WITHIN = 60  # seconds


@dataclass
class Engine:
    """dockerd with its own data, socket, containerd and bridge; without firewall rules.

    folder: its path must be short, because sockets in it may have 107 bytes.
    The bridge is its own because dockerd takes the host's docker0 away when it is told to have none.
    """

    folder: Path
    process: subprocess.Popen | None = field(default=None)

    @property
    def host(self) -> str:
        return f"unix://{self.folder}/engine.sock"

    @property
    def _bridge(self) -> str:
        return f"aks{self._mark.hex()}"

    @property
    def _mark(self) -> bytes:
        """Two bytes of its own."""
        return hashlib.sha256(str(self.folder).encode()).digest()[:2]

    def _make_bridge(self) -> None:
        """In a /24 of 198.18.0.0/15, which is for tests (RFC 2544); nothing if it is there."""
        if Path(f"/sys/class/net/{self._bridge}").exists():
            return
        address = f"198.{18 + self._mark[0] % 2}.{self._mark[1]}.1/24"
        for words in (
            ("link", "add", self._bridge, "type", "bridge"),
            ("address", "add", address, "dev", self._bridge),
            ("link", "set", self._bridge, "up"),
        ):
            subprocess.run(["ip", *words], check=True)

    def start(self) -> None:
        self._make_bridge()
        command = ["dockerd", "--data-root", self.folder / "data", "--exec-root", self.folder / "exec"]
        command += ["--pidfile", self.folder / "pid", "--host", self.host, "--bridge", self._bridge]
        command += ["--iptables=false", "--ip6tables=false", "--ip-masq=false"]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        wait.until(self._answers, "an answer of the engine", ANSWERS_WITHIN)

    def _answers(self) -> bool:
        return subprocess.run(["docker", "--host", self.host, "version"], capture_output=True).returncode == 0

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=60)

    def kill(self) -> None:
        """As a crash: dockerd is gone at once, its containerd and the containers are not."""
        self.process.kill()
        self.process.wait()

    def remove(self) -> None:
        """Stop it, and whatever a crash left behind of it: all that names its folder."""
        if self.process and self.process.poll() is None:
            self.stop()
        for process in psutil.process_iter(["cmdline"]):
            if str(self.folder) in " ".join(process.info["cmdline"] or ()):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        subprocess.run(["ip", "link", "delete", self._bridge], check=False)
        for line in reversed(Path("/proc/mounts").read_text().splitlines()):
            place = line.split()[1]
            if place.startswith(f"{self.folder}/"):
                subprocess.run(["umount", "--lazy", place], check=True)


def need() -> None:
    """Skip where an engine of one's own cannot run."""
    programs.need("docker", "dockerd", "ip", "umount")
    if os.geteuid() != 0:
        pytest.skip("an engine of the test's own needs root")
