"""The processes of a run, known by a variable that all of them inherit: act gives each step a session of its
own, and a killed act leaves its steps behind."""

from contextlib import suppress
from pathlib import Path

import psutil

from aks_flow.core import wait

RUN = "AKSFLOW_REHEARSAL_RUN"
_END_WITHIN = 10  # seconds from the request to end until they are killed


def mark(folder: Path) -> dict[str, str]:
    """The variable that marks a run's processes. folder: the run's own."""
    return {RUN: str(folder)}


def marked(folder: Path) -> list[psutil.Process]:
    """Everything that runs for a run; of another person's processes nothing can be read."""
    processes = psutil.process_iter(["environ"])
    return [process for process in processes if (process.info["environ"] or {}).get(RUN) == str(folder)]


def end(folder: Path) -> bool:
    """End all of them as a runner does, by force after a while; False if there was none."""
    processes = marked(folder)
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    if not wait.within(lambda: not marked(folder), _END_WITHIN, pause=0.05):
        for process in marked(folder):
            with suppress(psutil.NoSuchProcess):
                process.kill()
    return bool(processes)
