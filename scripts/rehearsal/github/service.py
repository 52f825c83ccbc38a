"""The process that carries runs out, one after another on each branch."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from scripts.rehearsal.github import marks
from scripts.rehearsal.github.hub import Hub
from scripts.rehearsal.github.queue import next_up
from scripts.rehearsal.github.running import carry_out
from scripts.rehearsal.github.runs import CANCELLED, RUNNING

AT_A_TIME = 2  # runs; of different branches
_LOOK = 0.1  # seconds between looks at the queue, which the hook fills


def serve(hub: Hub, stopping: threading.Event) -> None:
    """Until ``stopping``: then what runs is ended and marked, and what waits goes on waiting."""
    give_up(hub, "the rehearsal's GitHub ended while it ran: push again, and it starts anew")
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        while not stopping.is_set():
            for run in next_up(hub.runs.all(), AT_A_TIME):
                pool.submit(carry_out, hub, hub.runs.update(run, state=RUNNING))
            stopping.wait(_LOOK)
        give_up(hub, "the rehearsal's GitHub was stopped while it ran")
    give_up(hub, "the rehearsal's GitHub was stopped while it ran")


def give_up(hub: Hub, why: str) -> None:
    """End what is marked as running: nothing of it goes on unseen."""
    for run in hub.runs.all():
        if run.state == RUNNING:
            marks.end(hub.runs.folder(run.number))
            hub.runs.update(run, state=CANCELLED, note=why, ended=time.time())
