"""A minimal root of Debian: what every Debian has, and Python with venv, git and the CA bundle.

Its packages come as this machine's do: from the same mirrors and by the same proxies if this is a Debian.
"""

import platform
import subprocess
from pathlib import Path

RELEASES = {"bookworm": "Debian 12", "trixie": "Debian 13"}
PACKAGES = "python3,python3-venv,git,ca-certificates"
CARRIED = ("Acquire::http", "Acquire::Check-", "Acquire::ForceIPv", "Acquire::Retries")

# In memory, since on a disk dpkg's many syncs take longer than all the rest.
MAKE = """
set -e
memory=$1 root=$2; shift 2
mount -t tmpfs -o mode=755 tmpfs "$memory"
mmdebstrap "$@"
cp -a "$memory/root" "$root"
"""


def make(suite: str, root: Path) -> None:
    """The root, as a new folder; AssertionError with what mmdebstrap said."""
    memory = root.with_name("memory")
    memory.mkdir(parents=True)
    options = ["--variant=minbase", f"--include={PACKAGES}", *(f"--aptopt={line}" for line in _settings())]
    words = [*options, suite, memory / "root", *_sources(suite)]
    made = subprocess.run(
        ["unshare", "--mount", "sh", "-c", MAKE, "make", memory, root, *words], capture_output=True, text=True
    )
    memory.rmdir()
    assert made.returncode == 0, f"mmdebstrap made no root of {suite}:\n{made.stdout}{made.stderr}"


def _settings() -> list[str]:
    """Of this machine's apt, how it reaches its mirrors."""
    lines = _said("apt-config", "dump")
    return [line.rstrip(";") for line in lines if line.startswith(CARRIED)]


def _sources(suite: str) -> list[str]:
    """This Debian's mirrors, for any release of it; elsewhere none, and mmdebstrap has its own."""
    system = platform.freedesktop_os_release()
    here = system.get("VERSION_CODENAME", "")
    if system["ID"] != "debian" or not here:
        return []
    targets = _said(
        "apt-get", "indextargets", "--format=$(REPO_URI) $(RELEASE) $(COMPONENT)", "Identifier: Packages"
    )
    parts = [line.split() for line in targets]
    return [
        f"deb {uri} {suite}{release.removeprefix(here)} main"
        for uri, release, component in parts
        if release.startswith(here) and component == "main"
    ]


def _said(*words: str) -> list[str]:
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout.splitlines()
