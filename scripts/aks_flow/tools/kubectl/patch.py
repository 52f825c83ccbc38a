"""kubectl patch: fields of an object changed, the others left."""

from aks_flow.core.command import Command, Secret, flags
from aks_flow.tools.kubectl import Kubectl

STDIN = "/dev/stdin"  # a patch is no manifest: there is no `-` for it


def secret(cluster: Kubectl, name: str, text: Secret) -> Command:
    """Apply a merge patch that holds secrets to a Secret, and print its name alone."""
    words = flags(type="merge", patch_file=STDIN, output="name")
    return cluster.command("patch", "secret", name, *words, stdin=text)
