"""The stand-in's process, and what it needs: the definitions and its namespace."""

import json
import sys
from pathlib import Path

from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.process.processes import SOURCES, Process
from aks_flow.tools.kubectl import Kubectl, apply, resources

POLL = 3  # seconds; Argo CD's own are 120
_DEFINITIONS = Path(__file__).with_name("crds")


def process(config: Config) -> Process:
    return Process("argocd", config.state / "argocd")


def ensure(run: Local, config: Config) -> None:
    """A controller that watches; the cluster must answer.

    A second call changes nothing.
    """
    definitions = [file.read_text() for file in sorted(_DEFINITIONS.glob("*.yaml"))]
    needed = [*definitions, json.dumps(resources.namespace(config.gitops.namespace))]
    run.run(apply.manifest(Kubectl.at(config.destination), "\n---\n".join(needed)))
    if not process(config).pid():
        process(config).start(run, _serve(config))


def stop(config: Config) -> None:
    process(config).stop()


def _serve(config: Config) -> Command:
    return command(
        *(sys.executable, "-m", "aks_flow.rehearsal.standins.argocd"),
        *("--kubeconfig", config.destination.kubeconfig, "--namespace", config.gitops.namespace),
        *("--state", process(config).folder, "--poll", POLL),
        cwd=SOURCES,
    )
