"""az: the resource group, what is in it, and what the subscription is open for."""

from collections.abc import Mapping

from aks_flow.core.command import Command, flags
from aks_flow.tools.az import FOUND_OR_NOT, Az, every, tagged


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
    """The kinds of resource that the subscription is open for, or soon will be: pairs of name and state."""
    opened = "[?starts_with(registrationState, 'Register')].[namespace, registrationState]"
    return az.command("provider", "list", *flags(query=opened), reads=True)


def register(az: Az, namespace: str) -> Command:
    """Begin to open the subscription for a kind of resource. It costs nothing."""
    return az.command("provider", "register", *flags(namespace=namespace))


def wait_registered(az: Az, namespace: str) -> Command:
    """Until that is so: a minute or two. az asks every 10 s."""
    return az.command("provider", "register", *flags(namespace=namespace, wait=True))
