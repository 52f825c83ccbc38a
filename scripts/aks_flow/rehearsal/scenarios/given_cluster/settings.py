"""The configuration of a rehearsal on a given cluster: the target `cluster`, with names of its own."""

from dataclasses import dataclass, replace

from aks_flow.core.config import Config
from aks_flow.core.did_you_mean import did_you_mean
from aks_flow.core.errors import AksFlowError
from aks_flow.core.runner import Runner
from aks_flow.gitops import argocd
from aks_flow.rehearsal.scenarios.given_cluster.renaming import Renaming
from aks_flow.rehearsal.standins.identity import identity
from aks_flow.tools.kubectl import Kubectl, contexts

TARGET = "cluster"
_LONGEST = 63  # characters of a namespace's name


@dataclass(frozen=True)
class GivenCluster:
    """config: whole, at the cluster. project: the one of deliveries. renaming: its names to those there."""

    config: Config
    project: Config
    renaming: Renaming


def read(run: Runner, config: Config, context: str) -> GivenCluster:
    """config: at the target `cluster`. context: the kubeconfig's.

    AksFlowError if there is no such context, or if kubectl would not run here.
    """
    target = config.destination
    if target.via:
        step = "Leave it empty: kubectl has to reach the cluster from this machine."
        raise AksFlowError(
            "a rehearsal cannot go through another host", where=f"targets.{TARGET}.via", next_step=step
        )
    _check_context(run, Kubectl.at(target), context)
    name = f"rehearse-{identity(config)}"
    # Versions and copies of base images, which a delivery would take for the project's own.
    registry = f"{target.registry}/{name}"
    there = replace(target, context=context, repository=_repository(run, config), registry=registry)
    environments = {
        key: replace(environment, namespace=f"{name}-{key}"[:_LONGEST].rstrip("-"))
        for key, environment in config.environments.items()
    }
    own = replace(
        config,
        targets={**config.targets, TARGET: there},
        environments=environments,
        gitops=replace(config.gitops, branch=name),
    ).wholly_at(TARGET)
    pairs = {config.environments[key].namespace: item.namespace for key, item in environments.items()}
    return GivenCluster(own, config, Renaming(pairs, name))


def _repository(run: Runner, config: Config) -> str:
    """What Argo CD reads, "" if that is not known: many clusters have no Argo CD."""
    try:
        return argocd.repository(run, config)
    except AksFlowError:
        return ""


def _check_context(run: Runner, cluster: Kubectl, context: str) -> None:
    known = run.run(contexts.names(cluster)).text.split()
    if context not in known:
        what = f"the kubeconfig has no context {context!r}; it has {', '.join(known) or 'none'}"
        raise AksFlowError(what, next_step=did_you_mean(context, known, "Choose one of them."))
