"""kubectl diff: what an apply would change."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl
from aks_flow.tools.kubectl.apply import BY_SERVER, DELIVERED

DIFFERENT = 1  # the exit code if there are differences
_AT_ONCE = flags(concurrency=16)  # objects: each is a question to the server


def manifest(cluster: Kubectl, text: str) -> Command:
    """What `apply.delivered` would change, as a diff."""
    words = (*DELIVERED, *_AT_ONCE, *flags(filename="-"))
    return cluster.command("diff", *words, stdin=text, reads=True, ok=(0, DIFFERENT))


def manifest_server_side(cluster: Kubectl, text: str) -> Command:
    """What `apply.manifest_server_side` would change, as a diff."""
    words = (*BY_SERVER, *_AT_ONCE, *flags(filename="-"))
    return cluster.command("diff", *words, stdin=text, reads=True, ok=(0, DIFFERENT))
