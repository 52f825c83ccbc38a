"""A stand-in cluster of its own: how soon it answers, and what it takes with ten pods."""

import json
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil

from aks_flow.core import wait
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.scenarios.bench.clock import seconds
from aks_flow.rehearsal.scenarios.bench.figure import Figure
from aks_flow.rehearsal.standins import stack
from aks_flow.rehearsal.standins.docker import helper
from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, apply, get, rollout

PODS = 10


def ready_and_memory(context: DeliveryContext, runs: int) -> list[Figure]:
    """Seconds from the process's start to the first `kubectl get nodes`; its memory with ten pods."""
    samples = [_measure(context.config) for _ in range(runs)]
    ready, memory = ([sample[index] for sample in samples] for index in (0, 1))
    return [
        Figure("stand-in cluster: start to first `kubectl get nodes`", "s", 1.5, ready),
        Figure(f"stand-in cluster: memory with {PODS} pods", "MB", 150, memory),
    ]


def _measure(config: Config) -> tuple[float, float]:
    run = Local()
    with _fresh(config) as own:
        kubectl = Kubectl(str(own.state / "kubeconfig"), "", "default")
        ready = seconds(lambda: _first_nodes(run, own, kubectl))
        run.run(apply.manifest(kubectl, _pods(config)))
        run.run(rollout.status(kubectl, ["deployment/ten"], 120))
        return ready, psutil.Process(stack.cluster(own).pid()).memory_info().rss / 1e6


def _first_nodes(run: Local, own: Config, kubectl: Kubectl) -> None:
    stack.start_cluster(run, own)
    wait.until(lambda: run.run(get.names(kubectl, "nodes")).text, "a node", 20, pause=0.01)


@contextmanager
def _fresh(config: Config) -> Iterator[Config]:
    """A cluster of its own, on a free port, beside the rehearsal's."""
    with tempfile.TemporaryDirectory(prefix="aks-flow-") as folder:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        own = beside(config, Path(folder), port)
        try:
            yield own
        finally:
            stack.remove_cluster(Local(), own)


def beside(config: Config, folder: Path, port: int) -> Config:
    """The same project with a cluster of its own: its state in ``folder``, its API on ``port``."""
    return replace(config, root=folder, rehearsal=replace(config.rehearsal, api_port=port))


def _pods(config: Config) -> str:
    image = str(helper.copy(config))
    labels = {"app": "ten"}
    container = {"name": "idle", "image": image, "command": ["sleep", "infinity"]}
    template = {
        "metadata": {"labels": labels},
        "spec": {"containers": [container], "terminationGracePeriodSeconds": 1},
    }
    spec = {"replicas": PODS, "selector": {"matchLabels": labels}, "template": template}
    return json.dumps(
        {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "ten"}, "spec": spec}
    )
