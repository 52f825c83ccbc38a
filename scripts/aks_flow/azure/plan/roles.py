"""Role assignments as they are -> the lines of a plan about them. Pure."""

from collections.abc import Iterator, Mapping

from aks_flow.azure.identity import access
from aks_flow.azure.identity.access import Grant
from aks_flow.azure.plan.facts import Facts
from aks_flow.azure.plan.line import CREATE, REMOVE, Line, as_wanted
from aks_flow.tools.az import Az, cluster, identity


def lines(az: Az, wanted: list[Grant], facts: Facts) -> Iterator[Line]:
    """The assignments that are wanted, then those of our identities that are not."""
    found = {_key(one): one for one in facts.assignments}
    principals = {grant.who: principal(grant, facts) for grant in wanted}
    for grant in wanted:
        who = principals[grant.who]
        thing = f"role {grant.role} of {grant.who} at {place(grant.scope)}"
        if (who, grant.role, grant.scope.lower()) in found:
            yield as_wanted(thing)
            continue
        made = identity.assign(
            az,
            grant.role,
            who or f"(object id of {grant.who})",
            grant.kind or "ServicePrincipal",
            grant.scope,
        )
        yield Line(thing, CREATE, "is missing", made, after=_first(grant, who, facts))
    yield from _too_many(az, wanted, principals, found)


def _first(grant: Grant, who: str, facts: Facts) -> str:
    """What must be there before the assignment: who gets the role, and what it is about."""
    if not who:
        return grant.who
    vault, _, secret = grant.scope.partition("/secrets/")
    if "/vaults/" in vault and not facts.vault:
        return f"vault {vault.rpartition('/')[2]}"
    return f"secret {secret}" if secret and secret not in (facts.secrets or ()) else ""


def _too_many(az: Az, wanted: list[Grant], principals: Mapping[str, str], found: Mapping) -> Iterator[Line]:
    needed = {(principals[grant.who], grant.role, grant.scope.lower()) for grant in wanted}
    own = {principals[grant.who]: grant.who for grant in wanted if _identity(grant)}
    for (who, role, scope), one in found.items():
        if who in own and (who, role, scope) not in needed:
            thing = f"role {role} of {own[who]} at {place(one['scope'])}"
            yield Line(thing, REMOVE, "is more than it needs", identity.unassign(az, one["id"]))


def _identity(grant: Grant) -> bool:
    return grant.who not in access.NODES_OWN and not grant.kind


def principal(grant: Grant, facts: Facts) -> str:
    """The object id of who gets the role; "" while that does not exist."""
    if grant.kind:
        return grant.who
    if grant.who not in access.NODES_OWN:
        return (facts.identities.get(grant.who) or {}).get("principalId", "")
    return nodes_own(facts, grant.who).get("objectId", "")


def nodes_own(facts: Facts, who: str) -> Mapping:
    """The ids (objectId, clientId) of an identity that AKS made with the cluster; {} while there is none."""
    path = ("identityProfile", "kubeletidentity")
    if who == access.DRIVER:
        path = ("addonProfiles", cluster.ADDON, "identity")
    found = facts.cluster or {}
    for key in path:
        found = found.get(key) or {}
    return found


def _key(assignment: Mapping) -> tuple[str, str, str]:
    return assignment["principalId"], assignment.get("roleDefinitionName") or "", assignment["scope"].lower()


def place(scope: str) -> str:
    """A scope's last two words, or "the subscription"."""
    words = scope.strip("/").split("/")
    return "the subscription" if words[:1] == ["subscriptions"] and len(words) == 2 else "/".join(words[-2:])
