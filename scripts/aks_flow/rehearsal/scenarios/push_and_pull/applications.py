"""What Argo CD delivers to. A push cannot share an environment with it: it puts the branch's version back."""

from aks_flow.target.delivery import DeliveryContext
from aks_flow.tools.kubectl import Kubectl, delete

_APPLICATIONS = "applications.argoproj.io"


def remove(context: DeliveryContext, *environments: str) -> None:
    """Remove the environments' Applications; what runs goes on, since they have no finalizer."""
    config = context.config
    names = [config.environment(name).namespace for name in environments]
    cluster = Kubectl.at(config.destination, config.gitops.namespace)
    context.run.run(delete.by_name(cluster, _APPLICATIONS, *names))
