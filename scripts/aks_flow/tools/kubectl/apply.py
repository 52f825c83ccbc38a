"""kubectl apply: objects made or changed to be as a manifest has them."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"  # the annotation that `manifest` leaves
BY_SERVER = flags(server_side=True, force_conflicts=True)


def manifest(cluster: Kubectl, text: str) -> Command:
    """Apply all objects of a manifest; prints a line for each, ``kind.group/name configured``."""
    return cluster.command("apply", *flags(filename="-"), stdin=text)


def manifest_and_show(cluster: Kubectl, text: str) -> Command:
    """As `manifest`; prints the objects as the server stored them, for `output.objects`."""
    return cluster.command("apply", *flags(filename="-", output="json"), stdin=text)


def manifest_server_side(cluster: Kubectl, text: str) -> Command:
    """As `manifest`, for objects too large for the annotation that a plain apply keeps."""
    return cluster.command("apply", *BY_SERVER, *flags(filename="-"), stdin=text)


def client_dry_run(cluster: Kubectl, text: str) -> Command:
    """What kubectl alone makes of a manifest: kinds that the cluster serves; prints lines as `manifest`."""
    return cluster.command("apply", *flags(dry_run="client", filename="-"), stdin=text, reads=True)


def dry_run(cluster: Kubectl, text: str) -> Command:
    """The server's verdict on every object of a manifest; nothing is stored."""
    words = flags(dry_run="server", filename="-", output="name")
    return cluster.command("apply", *words, stdin=text, reads=True)
