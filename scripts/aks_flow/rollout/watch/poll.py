"""Snapshots by asking again and again: for a runner that gives nothing before a command has ended."""

import threading
from collections.abc import Callable, Iterable, Iterator

from aks_flow.core.runner import CommandFailed, Runner
from aks_flow.rollout.watch.snapshot import Snapshot
from aks_flow.tools.kubectl import Kubectl, get, kinds, output

PAUSE = 2  # seconds from an answer to the next question
TRIES = 15  # times in a row that a server which has answered may fail to


def snapshot(run: Runner, cluster: Kubectl, kind_names: Iterable[str]) -> list[dict]:
    """The namespace's objects of these kinds, now; without its events for whoever may not see them."""
    names = list(kind_names)
    resources = ",".join(kinds.resource(kind) for kind in names)
    try:
        return output.objects(run.run(get.all_of(cluster, resources)).text)
    except CommandFailed as error:
        if "Event" in names and output.refusal(error.result) == "Forbidden":
            return snapshot(run, cluster, [name for name in names if name != "Event"])
        raise


def snapshots(ask: Callable[[], list[dict]]) -> Iterator[Snapshot]:
    """Answer after answer; the last one again while the server gives none. CommandFailed if that lasts."""
    last, failures = ask(), 0
    while True:
        yield Snapshot(last, answered=not failures)
        threading.Event().wait(PAUSE)
        try:
            last, failures = ask(), 0
        except CommandFailed:
            failures += 1
            if failures > TRIES:
                raise
