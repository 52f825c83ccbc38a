"""kubectl replace."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import ANY, SOON, Kubectl


def version(cluster: Kubectl, text: str) -> Command:
    """Replace the very resourceVersion that a manifest names, and print the new one.

    `output.refusal` says why not: there may be a newer one.
    """
    words = flags(filename="-", output="json", request_timeout=SOON)
    return cluster.command("replace", *words, stdin=text, ok=ANY)
