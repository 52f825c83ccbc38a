"""The Docker engine: used as it is, started if it is not answering, installed if it is not there."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from aks_flow.core.command import command
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.docker import debian
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


def ensure(run: Local, state: Path, tell: Callable[[str], None]) -> None:
    """An engine that answers. A running one is never restarted or reconfigured."""
    if not shutil.which("docker") or (not answers(run) and not shutil.which("dockerd")):
        debian.install(run, "docker.io", "the Docker engine", tell)
    if not answers(run):
        _start(run, state, tell)


def _start(run: Local, state: Path, tell: Callable[[str], None]) -> None:
    if os.environ.get("DOCKER_HOST"):
        step = "Unset it, or start the engine that it names."
        raise AksFlowError("no Docker engine answers", where="DOCKER_HOST", next_step=step)
    if not debian.can_install():  # on other machines the engine belongs to the system
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
