"""az: role definitions of one's own, which hold in a whole subscription."""

import json

from aks_flow.core.command import Command, flags
from aks_flow.tools.az import Az


def own(az: Az, name: str) -> Command:
    """A list of the one that has the name, or an empty list."""
    return az.command("role", "definition", "list", *_named(name), reads=True)


def create(az: Az, name: str, description: str, actions: tuple[str, ...], subscription: str) -> Command:
    definition = {
        **{"Name": name, "Description": description, "Actions": [*actions]},
        "AssignableScopes": [f"/subscriptions/{subscription}"],
    }
    whole = json.dumps(definition, separators=(",", ":"))
    return az.command("role", "definition", "create", *flags(role_definition=whole))


def delete(az: Az, name: str) -> Command:
    """Azure refuses it while anybody has the role."""
    return az.command("role", "definition", "delete", *_named(name))


def _named(name: str) -> tuple[str, ...]:
    return flags(name=name, custom_role_only="true")
