"""kubectl apply: objects made or changed to be as a manifest has them."""

from aks_flow.core.command import Command, flags
from aks_flow.tools.kubectl import Kubectl

LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration"  # the annotation that `manifest` leaves
BY_SERVER = flags(server_side=True, force_conflicts=True)
MANAGER = "aks-flow"  # the owner of the fields that a delivery applies
DELIVERED = (*BY_SERVER, *flags(field_manager=MANAGER))


def manifest(cluster: Kubectl, text: str) -> Command:
    """Apply all objects of a manifest; prints a line for each, ``kind.group/name configured``."""
    return cluster.command("apply", *flags(filename="-"), stdin=text)


def delivered(cluster: Kubectl, text: str) -> Command:
    """Apply a delivery's objects from the server's side: their fields are the delivery's from then on."""
    return cluster.command("apply", *DELIVERED, *flags(filename="-"), stdin=text)


def delivered_and_show(cluster: Kubectl, text: str) -> Command:
    """As `delivered`; prints the objects as the server stored them, for `output.objects`."""
    return cluster.command("apply", *DELIVERED, *flags(filename="-", output="json"), stdin=text)


def manifest_server_side(cluster: Kubectl, text: str) -> Command:
    """As `manifest`, for objects too large for the annotation that a plain apply keeps."""
    return cluster.command("apply", *BY_SERVER, *flags(filename="-"), stdin=text)


def client_dry_run(cluster: Kubectl, text: str) -> Command:
    """What kubectl alone makes of a manifest: kinds that the cluster serves; prints lines as `manifest`."""
    return cluster.command("apply", *flags(dry_run="client", filename="-"), stdin=text, reads=True)


def dry_run(cluster: Kubectl, text: str) -> Command:
    """The server's verdict on every object of a delivery; nothing is stored."""
    words = (*DELIVERED, *flags(dry_run="server", filename="-", output="name"))
    return cluster.command("apply", *words, stdin=text, reads=True)
