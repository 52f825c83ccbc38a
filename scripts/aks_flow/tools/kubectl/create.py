"""kubectl create: objects made anew; those that exist already are refused."""

from aks_flow.core.command import Command, Secret, flags
from aks_flow.tools.kubectl import ANY, SOON, Kubectl


def secret(cluster: Kubectl, text: Secret) -> Command:
    """Create the objects of a manifest that holds secrets."""
    return cluster.command("create", *flags(filename="-"), stdin=text)


def manifest_and_show(cluster: Kubectl, text: str) -> Command:
    """Create objects, and print them as the server stored them, for `output.objects`."""
    return cluster.command("create", *flags(filename="-", output="json"), stdin=text)


def unless_there(cluster: Kubectl, text: str) -> Command:
    """Create one object soon and print it; `output.refusal` says why not: there may be one of its name."""
    words = flags(filename="-", output="json", request_timeout=SOON)
    return cluster.command("create", *words, stdin=text, ok=ANY)


def dry_run(cluster: Kubectl, text: str) -> Command:
    """As `apply.dry_run`, of objects to be made anew: those that are there may only `output.all_exist`."""
    words = flags(dry_run="server", filename="-", output="name")
    return cluster.command("create", *words, stdin=text, reads=True, ok=ANY)
