"""A mirror on loopback, and a root of apt's and dpkg's own: the real programs touch nothing else."""

import hashlib
import http.server
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

SUITE = "toy"


@dataclass(frozen=True)
class Root:
    """folder: lists, archives, dpkg's state and what is installed; nothing of the machine's own is in it."""

    folder: Path

    @property
    def installed(self) -> Path:
        return self.folder / "installed"

    @property
    def lists(self) -> Path:
        return self.folder / "var/lib/apt/lists"

    @property
    def archives(self) -> Path:
        return self.folder / "var/cache/apt/archives"

    @property
    def dpkg(self) -> Path:
        return self.installed / "var/lib/dpkg"

    def make(self) -> dict[str, str]:
        """The variables with which apt and dpkg work here."""
        for folder in (self.lists, self.archives):
            (folder / "partial").mkdir(parents=True)
        for name in ("etc/apt", "var/log/apt"):
            (self.folder / name).mkdir(parents=True)
        for name in ("info", "updates", "triggers"):
            (self.dpkg / name).mkdir(parents=True)
        (self.dpkg / "status").touch()
        (self.folder / "apt.conf").write_text(
            f'Dir "{self.folder}"; Dir::State::status "{self.dpkg}/status"; APT::Sandbox::User "root";'
            f'Dir::Bin::dpkg "{self.folder}/bin/dpkg"; Acquire::Retries "0"; Acquire::http::Proxy "DIRECT";'
        )
        dpkg = self.folder / "bin/dpkg"
        dpkg.parent.mkdir()
        dpkg.write_text(f'#!/bin/sh\nexec /usr/bin/dpkg --root="{self.installed}" "$@"\n')
        dpkg.chmod(0o755)
        return {"APT_CONFIG": str(self.folder / "apt.conf"), "bin": str(dpkg.parent)}

    def use(self, mirror: str) -> None:
        (self.folder / "etc/apt/sources.list").write_text(f"deb [trusted=yes] {mirror} {SUITE} main\n")


def archive(folder: Path, name: str) -> Path:
    """A package whose one file is a program of its name."""
    work = folder / f"{name}-files"
    (work / "DEBIAN").mkdir(parents=True)
    (work / "usr/bin").mkdir(parents=True)
    program = work / "usr/bin" / name
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (work / "DEBIAN/control").write_text(
        f"Package: {name}\nVersion: 1\nArchitecture: all\nMaintainer: x <x@example.com>\nDescription: x\n"
    )
    made = folder / f"{name}_1_all.deb"
    subprocess.run(["dpkg-deb", "--build", work, made], check=True, capture_output=True)
    return made


def publish(www: Path, archives: list[Path]) -> None:
    """The archives as a mirror's suite."""
    entries = []
    for file in archives:
        held = file.read_bytes()
        name = file.name.partition("_")[0]
        entries.append(
            f"Package: {name}\nVersion: 1\nArchitecture: all\nFilename: {file.relative_to(www)}\n"
            f"Size: {len(held)}\nSHA256: {hashlib.sha256(held).hexdigest()}\nDescription: x\n"
        )
    suite = www / "dists" / SUITE
    index = suite / "main/binary-all/Packages"
    index.parent.mkdir(parents=True)
    index.write_text("\n".join(entries))
    digest = hashlib.sha256(index.read_bytes()).hexdigest()
    (suite / "Release").write_text(
        f"Suite: {SUITE}\nComponents: main\nArchitectures: all\nDate: Sat, 28 Nov 2026 00:00:00 UTC\n"
        f"SHA256:\n {digest} {index.stat().st_size} main/binary-all/Packages\n"
    )


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        """Nobody reads it."""


@contextmanager
def served(www: Path) -> Iterator[str]:
    """The mirror's address."""
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=www)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
