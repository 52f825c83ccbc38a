"""kubectl proxy: one Service, through the cluster's API, on a loopback port."""

import re

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl, raw


def serve(cluster: Kubectl, service: str, port: str) -> Command:
    """It chooses a free port, says so in its first line, and runs until it is stopped.

    Whoever reaches the port acts with the kubeconfig's credentials, so nothing but the Service is there.
    """
    path = re.escape(raw.service_path(cluster, service, port))
    return cluster.command("proxy", *flags(port=0, accept_paths=f"^{path}(/.*)?$"))


def parse_port(text: str) -> int | None:
    """The port that it serves on, None while it has not said so."""
    served = re.search(r"Starting to serve on 127\.0\.0\.1:(\d+)", text)
    return int(served[1]) if served else None
