"""Snapshots by asking again: for a way to a cluster that hands on nothing while a command runs."""

import threading
from collections.abc import Iterable, Iterator

from scripts.runner import Runner
from scripts.tools import kubectl
from scripts.tools.kubectl import Kubectl
from scripts.watching import kinds

PAUSE = 2  # seconds from an answer to the next question


def snapshot(run: Runner, cluster: Kubectl, wanted: Iterable[str]) -> list[dict]:
    """The namespace's objects of these kinds, now."""
    resources = ",".join(kinds.resource(kind) for kind in wanted)
    return kubectl.parse_objects(run.run(cluster.get_all(resources)).text)


def snapshots(run: Runner, cluster: Kubectl, wanted: Iterable[str]) -> Iterator[list[dict]]:
    names = list(wanted)
    while True:
        yield snapshot(run, cluster, names)
        threading.Event().wait(PAUSE)
