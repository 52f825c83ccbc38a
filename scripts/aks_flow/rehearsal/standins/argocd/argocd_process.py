"""The stand-in's process, and what it needs: the definitions and its namespace."""

import sys

from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.runner import Local
from aks_flow.rehearsal.standins.argocd import definitions
from aks_flow.rehearsal.standins.process import github_address
from aks_flow.rehearsal.standins.process.processes import SOURCES, Process
from aks_flow.tools.kubectl import Kubectl, apply, resources

POLL = 3  # seconds; Argo CD's own are 120


def process(config: Config) -> Process:
    return Process("argocd", config.state / "argocd")


def ensure(run: Local, config: Config) -> None:
    """A controller that watches; the cluster must answer.

    A second call changes nothing.
    """
    needed = [*definitions.all_of_them(), resources.namespace(config.gitops.namespace)]
    run.run(apply.manifest(Kubectl.at(config.destination), resources.manifest(needed)))
    if not process(config).pid():
        process(config).start(run, _serve(config))


def stop(config: Config) -> None:
    process(config).stop()


def _serve(config: Config) -> Command:
    return command(
        *(sys.executable, "-m", "aks_flow.rehearsal.standins.argocd"),
        *("--kubeconfig", config.destination.kubeconfig, "--namespace", config.gitops.namespace),
        *("--state", process(config).folder, "--poll", POLL),
        *("--github", github_address.HOST),
        *("--github-socket", github_address.socket_of(config.state / "github")),
        cwd=SOURCES,
    )
