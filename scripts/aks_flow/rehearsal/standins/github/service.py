"""The process that carries runs out, one after another on each branch."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from aks_flow.rehearsal.standins.github import run_folders, run_processes
from aks_flow.rehearsal.standins.github.api import listening
from aks_flow.rehearsal.standins.github.hub import Hub
from aks_flow.rehearsal.standins.github.queue import next_up
from aks_flow.rehearsal.standins.github.running import STOPPED, carry_out
from aks_flow.rehearsal.standins.github.runs import CANCELLED, RUNNING, Run

AT_A_TIME = 2  # runs; of different branches
_LOOK = 0.1  # seconds between looks at the queue, which the hook fills


def serve(hub: Hub, stopping: threading.Event) -> None:
    """Until ``stopping``: then what runs is ended and cancelled, and what waits goes on waiting."""
    _give_up(hub)
    api = listening.listen(hub)
    hub.serve_as(os.getpid())
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        while not stopping.is_set():
            for run in next_up(hub.runs.all(), AT_A_TIME):
                pool.submit(carry_out, hub, hub.runs.update(run, state=RUNNING), stopping)
            stopping.wait(_LOOK)
        for run in _running(hub):
            run_processes.end(hub.runs.folder(run.number))
    listening.close(hub, api)


def _give_up(hub: Hub) -> None:
    """End what a killed service left running: nothing of it goes on unseen."""
    for run in _running(hub):
        run_processes.end(hub.runs.folder(run.number))
        run_folders.clear(hub.runs.folder(run.number))
        hub.runs.update(run, state=CANCELLED, note=STOPPED, ended=time.time())


def _running(hub: Hub) -> list[Run]:
    return [run for run in hub.runs.all() if run.state == RUNNING]
