"""Role assignments as they are -> the lines of a plan about them. Pure."""

from collections.abc import Iterator, Mapping

from aks_flow.azure.identity import access
from aks_flow.azure.identity.access import Grant
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import CREATE, REMOVE, Line, unchanged
from aks_flow.core.command import Command
from aks_flow.tools.az import Az, aks_cluster, identity


def lines(az: Az, grants: list[Grant], facts: AzureFacts) -> Iterator[Line]:
    """The assignments that ``grants`` ask for, then those of our identities that none asks for."""
    existing = {_key(assignment): assignment for assignment in facts.assignments}
    principals = {grant.who: principal(grant, facts) for grant in grants}
    for grant in grants:
        who = principals[grant.who]
        thing = f"role {grant.role} of {grant.who} at {place(grant.scope)}"
        if (who, grant.role, grant.scope.lower()) in existing:
            yield unchanged(thing)
        else:
            command = _assign(az, grant, who)
            yield Line(thing, CREATE, "is missing", command, after=_first(grant, who, facts))
    yield from _surplus(az, grants, principals, existing)
    yield from _of_addon(az, facts)


def _assign(az: Az, grant: Grant, who: str) -> Command:
    principal_id = who or f"(object id of {grant.who})"
    return identity.assign(az, grant.role, principal_id, grant.kind or "ServicePrincipal", grant.scope)


def _first(grant: Grant, who: str, facts: AzureFacts) -> str:
    """What must be there before the assignment: who gets the role, and what it is about."""
    if not who:
        return grant.who
    if access.is_invoke_role(grant.role) and not facts.invoke_role:
        return f"role definition {grant.role}"
    if "/managedClusters/" in grant.scope and not facts.cluster:
        return f"cluster {grant.scope.partition('/managedClusters/')[2].partition('/')[0]}"
    if "/registries/" in grant.scope and not facts.registry:
        return f"registry {grant.scope.rpartition('/')[2]}"
    vault, _, secret = grant.scope.partition("/secrets/")
    if "/vaults/" in vault and not facts.vault:
        return f"vault {vault.rpartition('/')[2]}"
    return f"secret {secret}" if secret and secret not in (facts.secrets or ()) else ""


def _surplus(az: Az, grants: list[Grant], principals: Mapping[str, str], existing: Mapping) -> Iterator[Line]:
    needed = {(principals[grant.who], grant.role, grant.scope.lower()) for grant in grants}
    own = {principals[grant.who]: grant.who for grant in grants if _is_own_identity(grant)}
    for (who, role, scope), assignment in existing.items():
        if who in own and (who, role, scope) not in needed:
            thing = f"role {role} of {own[who]} at {place(assignment['scope'])}"
            yield Line(thing, REMOVE, "is more than it needs", identity.unassign(az, assignment["id"]))


def _is_own_identity(grant: Grant) -> bool:
    return grant.who != access.KUBELET and not grant.kind


def _of_addon(az: Az, facts: AzureFacts) -> Iterator[Line]:
    """Its roles at the vault: it is the nodes', so that every pod on them could read what it may."""
    who, vault = addon(facts), (facts.vault or {}).get("id", "").lower()
    for assignment in facts.assignments:
        scope = assignment["scope"]
        if who and vault and assignment["principalId"] == who and f"{scope.lower()}/".startswith(f"{vault}/"):
            thing = f"role {assignment.get('roleDefinitionName')} of {access.ADDON} at {place(scope)}"
            why = "lets every pod on the nodes read it"
            yield Line(thing, REMOVE, why, identity.unassign(az, assignment["id"]))


def principal(grant: Grant, facts: AzureFacts) -> str:
    """The object id of who gets the role; "" while that does not exist."""
    if grant.kind:
        return grant.who
    if grant.who == access.KUBELET:
        return kubelet(facts)
    return (facts.identities.get(grant.who) or {}).get("principalId", "")


def kubelet(facts: AzureFacts) -> str:
    """The object id of the identity that AKS made for the nodes; "" while there is none."""
    return _made_with_cluster(facts, "identityProfile", "kubeletidentity")


def addon(facts: AzureFacts) -> str:
    """The object id of the identity that AKS made for the Secrets Store add-on; "" while there is none."""
    return _made_with_cluster(facts, "addonProfiles", aks_cluster.ADDON, "identity")


def _made_with_cluster(facts: AzureFacts, *path: str) -> str:
    ids = facts.cluster or {}
    for key in path:
        ids = ids.get(key) or {}
    return ids.get("objectId", "")


def _key(assignment: Mapping) -> tuple[str, str, str]:
    return assignment["principalId"], assignment.get("roleDefinitionName") or "", assignment["scope"].lower()


def place(scope: str) -> str:
    """A scope's last two words, or "the subscription"."""
    words = scope.strip("/").split("/")
    return "the subscription" if words[:1] == ["subscriptions"] and len(words) == 2 else "/".join(words[-2:])
