"""kubectl annotate."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl


def annotate(cluster: Kubectl, kind: str, name: str, *annotations: str) -> Command:
    """Give an object annotations, ``key=value``; one with the same key is replaced."""
    return cluster.command("annotate", kind, name, *annotations, *flags(overwrite=True))
