"""kubectl version: of kubectl and of the server."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import ANY, SOON, Kubectl


def as_text(cluster: Kubectl) -> Command:
    """A line for each of both; fails if the server does not answer soon."""
    return cluster.command("version", *flags(request_timeout=SOON), reads=True)


def as_json(cluster: Kubectl) -> Command:
    """Both as one JSON document; any exit code if the server does not answer soon."""
    return cluster.command("version", *flags(output="json", request_timeout=SOON), reads=True, ok=ANY)
