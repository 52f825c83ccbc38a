"""The machine that programs are brought to: what it is, what it has, and where a program of ours goes."""

import os
import platform
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import command
from aks_flow.core.runner import Runner

SYSTEM = "/usr/sbin:/sbin"  # where a user's PATH may not lead
INIT = Path("/sbin/init")
POLICY = Path("/usr/sbin/policy-rc.d")
FORBIDDEN = 101  # the policy's answer: the action is not to be done


@dataclass(frozen=True)
class Machine:
    """facts: of os-release(5). has: is there a program of that name? own: the folder for programs of ours."""

    facts: Mapping[str, str]
    is_root: bool
    has: Callable[[str], bool]
    own: Path

    @property
    def can_install(self) -> bool:
        return self.is_root and self.has("apt-get")


def here() -> Machine:
    """This machine. Programs of ours go where the environment's own are, which ./inv puts first in PATH."""
    return Machine(_facts(), os.geteuid() == 0, has, Path(sys.prefix, "bin"))


def has(program: str) -> bool:
    return bool(shutil.which(program) or shutil.which(program, path=SYSTEM))


def _facts() -> dict[str, str]:
    try:
        return platform.freedesktop_os_release()
    except OSError:
        return {}


def starts_server(run: Runner, package: str) -> bool:
    """Whether a server starts as soon as its package is installed: invoke-rc.d goes by these two files."""
    if os.access(POLICY, os.X_OK):
        asked = command(POLICY, package, "start", reads=True, ok=range(256))
        return run.run(asked).code != FORBIDDEN
    return INIT.exists()
