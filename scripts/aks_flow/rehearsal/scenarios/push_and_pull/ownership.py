"""Who owns an environment: a push cannot share one with Argo CD, which puts the branch's version back."""

from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl

_APPLICATIONS = "applications.argoproj.io"


def take_from_argocd(context: DeliveryContext, *environments: str) -> None:
    """Remove the environments' Applications; what runs goes on, since they have no finalizer."""
    config = context.config
    names = [config.environment(name).namespace for name in environments]
    cluster = Kubectl.at(config.destination, config.gitops.namespace)
    context.run.run(cluster.delete(_APPLICATIONS, *names))
