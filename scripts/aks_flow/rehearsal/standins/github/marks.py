"""The processes of a run, known by a variable that all of them inherit: act gives each step a session of its
own, and a killed act leaves its steps behind."""

from pathlib import Path

from aks_flow.core import wait
from aks_flow.core.runner import stop

RUN = "AKSFLOW_REHEARSAL_RUN"
_END_WITHIN = 10  # seconds from the request to end until they are killed


def mark(folder: Path) -> dict[str, str]:
    """The variable that marks a run's processes. folder: the run's own."""
    return {RUN: str(folder)}


def marked(folder: Path) -> list[int]:
    """The pids of everything that runs for a run."""
    wanted = f"{RUN}={folder}".encode()
    return [
        int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal() and _has(entry, wanted)
    ]


def _has(process: Path, wanted: bytes) -> bool:
    try:
        return wanted in (process / "environ").read_bytes().split(b"\0")
    except OSError:  # it has ended, or is another person's
        return False


def end(folder: Path) -> bool:
    """End all of them as a runner does, by force after a while; False if there was none."""
    found = marked(folder)
    for pid in found:
        stop(pid)
    if not wait.within(lambda: not marked(folder), _END_WITHIN, pause=0.05):
        for pid in marked(folder):
            stop(pid, force=True)
    return bool(found)
