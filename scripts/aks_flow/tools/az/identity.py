"""az: managed identities, whom they trust, and what they may do."""

from collections.abc import Mapping

from aks_flow.core.command import Command, flags
from aks_flow.tools.az import AUDIENCE, Az, tagged

ISSUER = "https://token.actions.githubusercontent.com"


def all_of(az: Az, group: str) -> Command:
    return az.command("identity", "list", *flags(resource_group=group), reads=True)


def create(az: Az, group: str, name: str, location: str, tags: Mapping[str, str]) -> Command:
    words = flags(name=name, resource_group=group, location=location)
    return az.command("identity", "create", *words, *tagged(tags))


def delete(az: Az, group: str, name: str) -> Command:
    return az.command("identity", "delete", *flags(name=name, resource_group=group))


def credentials(az: Az, group: str, identity: str) -> Command:
    return az.command(*_credential("list", group, identity), reads=True)


def trust(az: Az, group: str, identity: str, name: str, subject: str, issuer: str) -> Command:
    """Let an issuer's tokens for ``subject`` be the identity; a credential of that name is replaced."""
    words = flags(name=name, issuer=issuer, subject=subject, audiences=AUDIENCE)
    return az.command(*_credential("create", group, identity), *words)


def distrust(az: Az, group: str, identity: str, name: str) -> Command:
    return az.command(*_credential("delete", group, identity), *flags(name=name, yes=True))


def assignments(az: Az) -> Command:
    """Every role assignment of the subscription; nobody is looked up in the directory."""
    words = flags(all=True, fill_principal_name="false")
    return az.command("role", "assignment", "list", *words, reads=True)


def assign(az: Az, role: str, principal: str, kind: str, scope: str) -> Command:
    """kind: ServicePrincipal or Group. The role by name, the principal by object id."""
    who = flags(assignee_object_id=principal, assignee_principal_type=kind)
    return az.command("role", "assignment", "create", *flags(role=role), *who, *flags(scope=scope))


def unassign(az: Az, assignment: str) -> Command:
    return az.command("role", "assignment", "delete", *flags(ids=assignment))


def _credential(verb: str, group: str, identity: str) -> tuple[str, ...]:
    where = flags(identity_name=identity, resource_group=group)
    return ("identity", "federated-credential", verb, *where)
