"""kubectl proxy: the cluster's API, or one Service through it, with the kubeconfig's credentials."""

import re
from pathlib import Path

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


def on_socket(cluster: Kubectl, path: Path) -> Command:
    """All of the API on a Unix socket, for whoever may reach that; it runs until it is stopped.

    An API server may be at a path of another server's, as behind Rancher: requests go there.
    """
    return cluster.command("proxy", *flags(unix_socket=path, append_server_path=True), reads=True)


def says_that_it_serves(line: bytes) -> bool:
    """Whether the socket is there."""
    return line.startswith(b"Starting to serve on ")
