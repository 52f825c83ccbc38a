"""kubectl auth: what whoever asks may do."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import SOON, Kubectl


def can_i_deploy(cluster: Kubectl) -> Command:
    """``yes``; ``no`` with exit code 1."""
    words = ("auth", "can-i", "patch", "deployments.apps")
    return cluster.command(*words, *flags(request_timeout=SOON), reads=True, ok=(0, 1))
