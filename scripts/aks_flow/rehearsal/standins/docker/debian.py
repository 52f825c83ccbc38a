"""What the rehearsal lacks on Debian or Ubuntu, installed from the distribution, after saying so."""

import os
from collections.abc import Callable
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import CommandFailed, Runner


def can_install() -> bool:
    return Path("/etc/debian_version").is_file() and os.geteuid() == 0


def install(run: Runner, package: str, why: str, tell: Callable[[str], None]) -> None:
    """apt-get install; AksFlowError that names the package where that is not possible."""
    if not can_install():
        step = f"Install it (Debian, Ubuntu: `sudo apt-get install {package}`), then run this again."
        raise AksFlowError(f"{why} is missing", next_step=step)
    tell(f"installing {package} ({why}) from the distribution")
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run.run(command("apt-get", "update", "--quiet", env=quiet))
        run.run(_install(package).with_env(**quiet))
    except CommandFailed as error:
        step = (
            f"Are the distribution's packages within reach? Install {package} yourself; then run this again."
        )
        raise AksFlowError(f"{error.what}\n", next_step=step) from error


def _install(package: str) -> Command:
    return command("apt-get", "install", "--yes", "--no-install-recommends", package)
