"""What a new machine has of this one: how it reaches names and packages, and nothing else."""

import os
import re
import shutil
from pathlib import Path

HOSTS = "127.0.0.1 localhost\n::1 localhost\n"
RESOLVERS = (
    "/run/systemd/resolve/resolv.conf",
    "/etc/resolv.conf",
)  # the second may name a server on loopback
SETTINGS = (
    *("/etc/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf"),
    *("/etc/uv/uv.toml", "~/.config/uv/uv.toml"),
)
NAMES = re.compile(
    r"(PIP|UV)_\w+|(https?|all|no)_proxy|SSL_CERT_FILE|(REQUESTS|CURL)_CA_BUNDLE|GIT_SSL_CAINFO",
    re.IGNORECASE,
)
OWN = {
    "HOME": "/root",
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG": "C.UTF-8",
    "TERM": "dumb",
}


def environment() -> dict[str, str]:
    """A login's environment, and this machine's settings of pip, uv and proxies but for its folders."""
    named = {name: value for name, value in os.environ.items() if NAMES.fullmatch(name)}
    return OWN | {name: value for name, value in named.items() if _is_portable(value)}


def _is_portable(value: str) -> bool:
    return not value.startswith("/") or Path(value).is_file()


def furnish(root: Path) -> None:
    """The files that an installer writes, and those that the settings are or name."""
    (root / "etc/hosts").write_text(HOSTS)
    shutil.copyfile(next(file for file in RESOLVERS if Path(file).is_file()), root / "etc/resolv.conf")
    for setting in SETTINGS:
        _copy(Path(setting).expanduser(), root / setting.replace("~", OWN["HOME"]).lstrip("/"))
    for value in environment().values():
        _copy(Path(value), root / value.lstrip("/"))


def _copy(source: Path, target: Path) -> None:
    if source.is_absolute() and source.is_file():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
