"""The Docker engine: used as it is, and started if it does not answer."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.process import user
from aks_flow.rehearsal.standins.process.processes import Process
from aks_flow.tools import docker

ANSWERS_WITHIN = 60  # seconds from the start of dockerd to its first answer


def process(state: Path) -> Process:
    return Process("dockerd", state)


def answers(run: Local) -> bool:
    return run.run(docker.version()).code == 0


def is_here(run: Local) -> bool:
    """True if there is a client and an engine that answers it."""
    return bool(shutil.which("docker")) and answers(run)


def keeps_out(run: Local) -> bool:
    """True if there is an engine that does not let this user in."""
    return bool(shutil.which("docker")) and docker.is_refused(run.run(docker.version()))


def is_given(run: Local) -> bool:
    """True if no engine's program is needed here: one answers, keeps this user out, or is elsewhere."""
    return bool(os.environ.get("DOCKER_HOST")) or is_here(run) or keeps_out(run)


def need_access(run: Local) -> None:
    """AksFlowError if there is an engine that does not let this user in."""
    if keeps_out(run):
        name = user.name(os.geteuid())
        join = f"`sudo usermod --append --groups docker {name}`, then log in again"
        step = f"Use sudo, or join the group of its socket ({join}); then run the same command again."
        raise AksFlowError(f"the Docker engine does not let {name} in (permission denied)", next_step=step)


def ensure(run: Local, state: Path, tell: Callable[[str], None]) -> None:
    """An engine that answers. A running one is never restarted or reconfigured."""
    need_access(run)
    if not answers(run):
        _start(run, state, tell)


def _start(run: Local, state: Path, tell: Callable[[str], None]) -> None:
    if os.environ.get("DOCKER_HOST"):
        step = "Unset it, or start the engine that it names."
        raise AksFlowError("no Docker engine answers", where="DOCKER_HOST", next_step=step)
    if os.geteuid() != 0:
        step = "Start it (Debian and Ubuntu: `sudo systemctl start docker`), then run the same command again."
        raise AksFlowError("the Docker engine does not answer", next_step=step)
    engine = process(state)
    tell(f"starting the Docker engine, its log in {engine.log}")
    engine.start(run, command("dockerd"))
    engine.ready(lambda: answers(run), "an answer of the Docker engine", ANSWERS_WITHIN)


def stop_own(run: Local, state: Path) -> bool:
    """Stop the engine if this rehearsal started it and nothing runs on it; True if it was stopped."""
    engine = process(state)
    if not engine.pid() or not is_here(run):
        return False
    busy = run.run(command("docker", "ps", "--quiet", reads=True, ok=range(256))).text.strip()
    return not busy and engine.stop()
