"""kubectl config: the contexts of a kubeconfig."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl


def names(cluster: Kubectl) -> Command:
    """A line for each."""
    return Kubectl(cluster.kubeconfig).command("config", "get-contexts", *flags(output="name"), reads=True)
