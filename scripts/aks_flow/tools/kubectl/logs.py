"""kubectl logs: what containers printed."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import ANY, Kubectl


def tail(cluster: Kubectl, pod: str, container: str, lines: int, previous: bool) -> Command:
    """The end of a container's log; with ``previous`` of the one before its last restart.

    Any exit code if there is no such log.
    """
    words = flags(container=container, tail=lines, previous=str(previous).lower())
    return cluster.command("logs", pod, *words, reads=True, ok=ANY)
