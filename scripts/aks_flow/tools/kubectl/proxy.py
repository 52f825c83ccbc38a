"""kubectl proxy: the cluster's API on a loopback port, with the kubeconfig's own credentials."""

import re

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl


def serve(cluster: Kubectl) -> Command:
    """It chooses a free port, says so in its first line, and runs until it is stopped."""
    return cluster.command("proxy", *flags(port=0))


def parse_port(text: str) -> int | None:
    """The port that it serves on, None while it has not said so."""
    served = re.search(r"Starting to serve on 127\.0\.0\.1:(\d+)", text)
    return int(served[1]) if served else None
