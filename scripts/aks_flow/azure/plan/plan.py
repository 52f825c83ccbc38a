"""Configuration and facts -> the lines of a plan, in the order in which they are carried out. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from aks_flow.azure.identity import access
from aks_flow.azure.plan import cluster, extension, identities, invoke_role, roles, shared, vault
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, UPDATE, WAIT, Line, unchanged
from aks_flow.core.command import flags
from aks_flow.core.config import Config
from aks_flow.tools.az import Az, acr_registry, group

TAGS = {"managed-by": "aks-flow"}
# The cluster's own parts are machines, networks and disks.
OF_CLUSTER = ("Microsoft.Compute", "Microsoft.Network", "Microsoft.Storage")
PROVIDERS = (
    *("Microsoft.ContainerRegistry", "Microsoft.ContainerService", "Microsoft.ManagedIdentity"),
    *OF_CLUSTER,
)
EXTENSIONS, VAULTS = "Microsoft.KubernetesConfiguration", "Microsoft.KeyVault"
# az's first word -> what the subscription must be open for, before the command.
_NEEDS = {
    "acr": ("Microsoft.ContainerRegistry",),
    "aks": ("Microsoft.ContainerService", *OF_CLUSTER),
    "identity": ("Microsoft.ManagedIdentity",),
    "keyvault": (VAULTS,),
}
_ABAC = "AbacRepositoryPermissions"
_NO_ABAC = "Set its mode with `az acr update --role-assignment-mode rbac`, or use another registry."
GONE = 1800  # seconds until a group's deletion has ended


@dataclass(frozen=True)
class AzurePlanRequest:
    """What the lines are made from. repository: OWNER/NAME on GitHub, "" if unknown."""

    config: Config
    az: Az
    repository: str


def lines(request: AzurePlanRequest, facts: AzureFacts) -> list[Line]:
    """A line for every thing, the unchanged included, in the order in which they are carried out."""
    azure, az = request.config.azure, request.az
    first = _group(request, facts)
    if first.verb in (WAIT, IMPOSSIBLE):
        return [first]
    following = (
        *_registry(request, facts),
        *cluster.lines(az, azure, facts, TAGS),
        *_extension(request, facts),
        *vault.lines(az, request.config, facts, TAGS),
        *identities.lines(az, request.config, request.repository, facts, TAGS),
        *invoke_role.lines(az, azure, facts),
        *roles.lines(az, access.grants(request.config, facts.subscription), facts),
        *vault.secrets(az, request.config, facts),
    )
    return [*_providers(request, facts), first, *(_once_registered(line, facts) for line in following)]


def _once_registered(line: Line, facts: AzureFacts) -> Line:
    """The line, to be carried out once the subscription is open for it: az would open it unasked."""
    needs = _NEEDS.get(line.command.argv[1], ()) if line.command else ()
    closed = [namespace for namespace in needs if namespace.lower() not in facts.providers]
    return replace(line, after=f"provider {closed[0]}") if closed and not line.after else line


def _providers(request: AzurePlanRequest, facts: AzureFacts) -> Iterator[Line]:
    azure = request.config.azure
    more = [EXTENSIONS] if azure.cluster.argocd == "extension" else []
    more += [VAULTS] if azure.vault else []
    for namespace in (*PROVIDERS, *more):
        thing = f"provider {namespace}"
        if namespace.lower() in facts.providers:
            yield unchanged(thing)
        elif namespace.lower() in facts.registering:
            yield Line(thing, WAIT, "is being registered", group.wait_registered(request.az, namespace))
        else:
            register = group.register(request.az, namespace)
            yield Line(thing, CREATE, "is not registered in this subscription", register)


def _group(request: AzurePlanRequest, facts: AzureFacts) -> Line:
    azure, az, existing = request.config.azure, request.az, facts.group
    thing = f"group {azure.group}"
    if existing is None:
        return Line(thing, CREATE, "is missing", group.create(az, azure.group, azure.location, TAGS))
    if existing["properties"]["provisioningState"] == "Deleting":
        return Line(thing, WAIT, "is being removed", group.wait_deleted(az, azure.group, GONE))
    if not is_ours(existing):
        do = "Choose another name in azure.group: `azure.down` removes the whole group."
        return Line(thing, IMPOSSIBLE, "exists, and aks-flow has not made it", do=do)
    if existing["location"] != azure.location:
        do = "Set azure.location to that, or run ./inv azure.down first."
        return Line(thing, IMPOSSIBLE, f"is in {existing['location']}, not in {azure.location}", do=do)
    return unchanged(thing)


def is_ours(existing: dict) -> bool:
    """True if aks-flow made it: the tag says so."""
    return TAGS.items() <= (existing.get("tags") or {}).items()


def _extension(request: AzurePlanRequest, facts: AzureFacts) -> Iterator[Line]:
    azure = request.config.azure
    if azure.cluster.argocd == "extension":
        cluster = access.cluster_id(azure, facts.subscription)
        namespace = request.config.gitops.namespace
        for line in extension.lines(request.az, azure, cluster, namespace, facts.argocd):
            yield line if facts.cluster else replace(line, after=f"cluster {azure.cluster.name}")


def _registry(request: AzurePlanRequest, facts: AzureFacts) -> Iterator[Line]:
    azure, az, existing = request.config.azure, request.az, facts.registry
    thing = f"registry {azure.registry.name}"
    if not azure.registry.name:
        do = "Choose a name that nobody has, or give the target another registry."
        yield Line("registry", IMPOSSIBLE, "has no name: azure.registry.name is empty", do=do)
    elif existing and existing.get("roleAssignmentMode") == _ABAC:
        yield Line(
            thing, IMPOSSIBLE, "gives roles by repository: AcrPull and AcrPush do not count", do=_NO_ABAC
        )
    elif azure.registry.group:
        yield shared.line(thing, existing, azure.registry.group, "azure.registry.group")
    elif existing is None and facts.name and not facts.name["nameAvailable"]:
        yield Line(thing, IMPOSSIBLE, f"cannot be made: {facts.name['message']}", do="Choose another name.")
    elif existing is None:
        yield Line(thing, CREATE, "is missing", acr_registry.create(az, azure, TAGS))
    elif existing["provisioningState"] != "Succeeded":
        yield Line(thing, CREATE, f"is {existing['provisioningState']}", acr_registry.create(az, azure, TAGS))
    else:
        yield _registry_settings(request, existing)


def _registry_settings(request: AzurePlanRequest, existing: dict) -> Line:
    azure, options, why = request.config.azure, [], []
    if existing["sku"]["name"] != azure.registry.sku:
        why.append(f"is {existing['sku']['name']}, not {azure.registry.sku}")
        options += flags(sku=azure.registry.sku)
    if existing["adminUserEnabled"]:
        why.append("has a password (the admin user)")
        options += flags(admin_enabled="false")
    thing = f"registry {azure.registry.name}"
    if not options:
        return unchanged(thing)
    return Line(thing, UPDATE, ", ".join(why), acr_registry.update(request.az, azure, *options))
