"""apt-get and dpkg: argument lists, and parsers of what they say."""

import re
from collections.abc import Sequence
from pathlib import Path

from aks_flow.core.command import Command, Result, command, flags

# Their words are read here, so they are to be English ones. apt waits for dpkg's lock by itself, but for a
# moment only, so that a person can be told who is waited for; for those of lists and archives it never waits.
_ENVIRONMENT = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
_LOCK = flags(option="DPkg::Lock::Timeout=3")
_INSTALL = flags(yes=True, no_install_recommends=True, no_remove=True)


def update() -> Command:
    return _apt("update", *flags(quiet=True))


def addresses(packages: Sequence[str]) -> Command:
    """Where an installation would download from; see `size`."""
    return _apt("install", *flags(print_uris=True, quiet=2), *_INSTALL, *packages, reads=True)


def install(packages: Sequence[str]) -> Command:
    return _apt("install", *flags(quiet=True), *_LOCK, *_INSTALL, *packages)


def archive_addresses(packages: Sequence[str]) -> Command:
    """Where `download` would download from; see `size`."""
    return _apt("download", *flags(print_uris=True, quiet=2), *packages, reads=True)


def download(package: str, folder: Path) -> Command:
    """The package's archive, PACKAGE_….deb, into a folder."""
    return _apt("download", *flags(quiet=True), package, cwd=folder)


def extract(archive: Path, folder: Path) -> Command:
    return _command("dpkg-deb", *flags(extract=True), archive, folder)


def configure() -> Command:
    """Finish what an interrupted dpkg has begun."""
    return _command("dpkg", *flags(configure=True, pending=True))


def _apt(*words: object, **rest) -> Command:
    return _command("apt-get", *words, **rest)


def _command(*argv: object, **rest) -> Command:
    return command(*argv, env=_ENVIRONMENT, ok=range(256), **rest)


def size(text: str) -> int:
    """The bytes that `addresses` or `archive_addresses` list."""
    return sum(int(size) for size in re.findall(r"^'\S+' \S+ (\d+)", text, re.MULTILINE))


_LOCKED = re.compile(
    r"Could not get lock|locked by another process|Unable to acquire the dpkg frontend lock"
    r"|Unable to lock the administration directory .+another process"
)
_HOLDER = re.compile(r"held by (process \d+ \(.+?\))|another process with (pid \d+)")


def lock_holder(result: Result) -> str:
    """Who holds the lock that a command failed on: ``process 348 (apt-get)``; "" if it failed on none."""
    said = f"{result.text}\n{result.error_text}"
    if not result.code or not _LOCKED.search(said):
        return ""
    holder = _HOLDER.search(said)
    return (holder[1] or holder[2]) if holder else "another program"


def was_interrupted(result: Result) -> bool:
    return bool(result.code) and "dpkg was interrupted" in result.error_text
