"""az: the resource group, what is in it, and what the subscription is open for."""

from collections.abc import Mapping

from aks_flow.core.command import Command, flags
from aks_flow.tools.az import FOUND_OR_NOT, Az, every


def show(az: Az, name: str) -> Command:
    return az.command("group", "show", *flags(name=name), reads=True, ok=FOUND_OR_NOT)


def create(az: Az, name: str, location: str, tags: Mapping[str, str]) -> Command:
    return az.command("group", "create", *flags(name=name, location=location), *tagged(tags))


def delete(az: Az, name: str) -> Command:
    """The group and all that is in it; ends when it has gone."""
    return az.command("group", "delete", *flags(name=name, yes=True))


def wait_deleted(az: Az, name: str, seconds: int) -> Command:
    return az.command("group", "wait", *flags(name=name, deleted=True), *every(seconds), reads=True)


def resources(az: Az, name: str) -> Command:
    """Every resource of the group, its `provisioningState` included."""
    return az.command("resource", "list", *flags(resource_group=name), reads=True)


def providers(az: Az) -> Command:
    """The kinds of resource that the subscription is open for; a new one for hardly any."""
    open_ones = "[?registrationState=='Registered'].namespace"
    return az.command("provider", "list", *flags(query=open_ones), reads=True)


def register(az: Az, namespace: str) -> Command:
    """Open the subscription for a kind of resource; ends when that is so. It costs nothing."""
    return az.command("provider", "register", *flags(namespace=namespace, wait=True))


def tagged(tags: Mapping[str, str]) -> tuple[str, ...]:
    """The option of az for tags; it takes all of them behind one name, and so has no ``=``."""
    return ("--tags", *(f"{key}={value}" for key, value in tags.items()))
