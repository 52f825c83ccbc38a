"""kubectl annotate."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl


def annotate(cluster: Kubectl, kind: str, name: str, annotation: str) -> Command:
    """Give an object an annotation, ``key=value``; one with the same key is replaced."""
    return cluster.command("annotate", kind, name, annotation, *flags(overwrite=True))
