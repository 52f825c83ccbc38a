"""Tasks run in a scenario's clone as a person or a workflow runs them, but always at the rehearsal."""

import sys
from pathlib import Path

import yaml

from aks_flow.core.command import Command, command
from aks_flow.core.config import Config
from aks_flow.core.project import FILE
from aks_flow.rehearsal.standins.process.processes import SOURCES

_PROGRAM = SOURCES / "aks_flow" / "cli" / "program.py"
_TARGET = "cluster"  # which is any


def task(repo: Path, *words: object) -> Command:
    """The task of the clone's project, by this very aks-flow."""
    return command(sys.executable, _PROGRAM, "--root", repo, *words, cwd=repo)


def variables(config: Config, repo: Path) -> dict[str, str]:
    """What sends all deliveries of the clone's project to the configuration's target, wherever they went."""
    target = config.destination
    settings = {
        **{"TARGET": _TARGET, "TARGETS_CLUSTER_REGISTRY": target.registry},
        **{"TARGETS_CLUSTER_KUBECONFIG": target.kubeconfig, "TARGETS_CLUSTER_CONTEXT": target.context},
        "TARGETS_CLUSTER_REPOSITORY": target.repository,
    }
    environments = yaml.safe_load((repo / FILE).read_text())["environments"]
    own = {name for name, environment in environments.items() if environment.get("target")}
    settings |= {f"ENVIRONMENTS_{name.upper()}_TARGET": _TARGET for name in own}
    return {f"INVOKE_{name}": value for name, value in settings.items()}
