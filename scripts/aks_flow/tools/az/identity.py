"""az: managed identities, whom they trust, and what they may do."""

from collections.abc import Mapping

from aks_flow.core.command import Command
from aks_flow.tools.az import Az
from aks_flow.tools.az.group import tagged

ISSUER = "https://token.actions.githubusercontent.com"
AUDIENCE = "api://AzureADTokenExchange"


def all_of(az: Az, group: str) -> Command:
    return az.command("identity", "list", "--resource-group", group, reads=True)


def create(az: Az, group: str, name: str, location: str, tags: Mapping[str, str]) -> Command:
    words = ("--name", name, "--resource-group", group, "--location", location)
    return az.command("identity", "create", *words, *tagged(tags))


def delete(az: Az, group: str, name: str) -> Command:
    return az.command("identity", "delete", "--name", name, "--resource-group", group)


def credentials(az: Az, group: str, identity: str) -> Command:
    return az.command(*_credential("list", group, identity), reads=True)


def trust(az: Az, group: str, identity: str, name: str, subject: str) -> Command:
    """Let GitHub's tokens for ``subject`` be the identity; a credential of that name is replaced."""
    flags = ("--name", name, "--issuer", ISSUER, "--subject", subject, "--audiences", AUDIENCE)
    return az.command(*_credential("create", group, identity), *flags)


def distrust(az: Az, group: str, identity: str, name: str) -> Command:
    return az.command(*_credential("delete", group, identity), "--name", name, "--yes")


def assignments(az: Az) -> Command:
    """Every role assignment of the subscription; nobody is looked up in the directory."""
    return az.command("role", "assignment", "list", "--all", "--fill-principal-name", "false", reads=True)


def assign(az: Az, role: str, principal: str, kind: str, scope: str) -> Command:
    """kind: ServicePrincipal or Group. The role by name, the principal by object id."""
    who = ("--assignee-object-id", principal, "--assignee-principal-type", kind)
    return az.command("role", "assignment", "create", "--role", role, *who, "--scope", scope)


def unassign(az: Az, assignment: str) -> Command:
    return az.command("role", "assignment", "delete", "--ids", assignment)


def _credential(verb: str, group: str, identity: str) -> tuple[str, ...]:
    where = ("--identity-name", identity, "--resource-group", group)
    return ("identity", "federated-credential", verb, *where)
