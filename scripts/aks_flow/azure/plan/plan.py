"""Configuration and facts -> the lines of a plan, in the order in which they are carried out. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from aks_flow.azure.identity import access
from aks_flow.azure.plan import cluster, extension, identities, roles, vault
from aks_flow.azure.plan.facts import Facts
from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, UPDATE, WAIT, Line, as_wanted
from aks_flow.core.config import Config
from aks_flow.tools.az import Az, group, registry

TAGS = {"managed-by": "aks-flow"}
PROVIDERS = ("Microsoft.ContainerRegistry", "Microsoft.ContainerService", "Microsoft.ManagedIdentity")
EXTENSIONS, VAULTS = "Microsoft.KubernetesConfiguration", "Microsoft.KeyVault"
GONE = 1800  # seconds until a group's deletion has ended


@dataclass(frozen=True)
class Wanted:
    """What the lines are made from. repository: OWNER/NAME on GitHub, "" if unknown."""

    config: Config
    az: Az
    repository: str


def lines(wanted: Wanted, facts: Facts) -> list[Line]:
    """Every thing with what is to be done about it, `unchanged` included."""
    azure, az = wanted.config.azure, wanted.az
    first = _group(wanted, facts)
    if first.verb in (WAIT, IMPOSSIBLE):
        return [first]
    return [
        *_providers(wanted, facts),
        first,
        *_registry(wanted, facts),
        *cluster.lines(az, azure, facts.cluster, TAGS),
        *_extension(wanted, facts),
        *vault.lines(az, wanted.config, facts, TAGS),
        *identities.lines(az, wanted.config, wanted.repository, facts, TAGS),
        *roles.lines(az, access.grants(wanted.config, facts.subscription), facts),
        *vault.secrets(az, wanted.config, facts),
    ]


def _providers(wanted: Wanted, facts: Facts) -> Iterator[Line]:
    azure = wanted.config.azure
    more = [EXTENSIONS] if azure.cluster.argocd == "extension" else []
    more += [VAULTS] if azure.vault else []
    for namespace in (*PROVIDERS, *more):
        thing = f"provider {namespace}"
        if namespace.lower() in facts.providers:
            yield as_wanted(thing)
        else:
            register = group.register(wanted.az, namespace)
            yield Line(thing, CREATE, "is not registered in this subscription", register)


def _group(wanted: Wanted, facts: Facts) -> Line:
    azure, az, found = wanted.config.azure, wanted.az, facts.group
    thing = f"group {azure.group}"
    if found is None:
        return Line(thing, CREATE, "is missing", group.create(az, azure.group, azure.location, TAGS))
    if found["properties"]["provisioningState"] == "Deleting":
        return Line(thing, WAIT, "is being removed", group.wait_deleted(az, azure.group, GONE))
    if not ours(found):
        do = "Choose another name in azure.group: `azure.down` removes the whole group."
        return Line(thing, IMPOSSIBLE, "exists, and aks-flow has not made it", do=do)
    if found["location"] != azure.location:
        do = "Set azure.location to that, or run ./inv azure.down first."
        return Line(thing, IMPOSSIBLE, f"is in {found['location']}, not in {azure.location}", do=do)
    return as_wanted(thing)


def ours(found: dict) -> bool:
    """True if aks-flow made it: the tag says so."""
    return TAGS.items() <= (found.get("tags") or {}).items()


def _extension(wanted: Wanted, facts: Facts) -> Iterator[Line]:
    azure = wanted.config.azure
    if azure.cluster.argocd == "extension":
        cluster = access.cluster_id(azure, facts.subscription)
        namespace = wanted.config.gitops.namespace
        yield from extension.lines(wanted.az, cluster, namespace, facts.argocd)


def _registry(wanted: Wanted, facts: Facts) -> Iterator[Line]:
    azure, az, found = wanted.config.azure, wanted.az, facts.registry
    thing = f"registry {azure.registry.name}"
    if not azure.registry.name:
        do = "Choose a name that nobody has, or give the target another registry."
        yield Line("registry", IMPOSSIBLE, "has no name: azure.registry.name is empty", do=do)
    elif found is None and facts.name and not facts.name["nameAvailable"]:
        yield Line(thing, IMPOSSIBLE, f"cannot be made: {facts.name['message']}", do="Choose another name.")
    elif found is None:
        yield Line(thing, CREATE, "is missing", registry.create(az, azure, TAGS))
    elif found["provisioningState"] != "Succeeded":
        yield Line(thing, CREATE, f"is {found['provisioningState']}", registry.create(az, azure, TAGS))
    else:
        yield _registry_settings(wanted, found)


def _registry_settings(wanted: Wanted, found: dict) -> Line:
    azure, flags, why = wanted.config.azure, [], []
    if found["sku"]["name"] != azure.registry.sku:
        why.append(f"is {found['sku']['name']}, not {azure.registry.sku}")
        flags += ["--sku", azure.registry.sku]
    if found["adminUserEnabled"]:
        why.append("has a password (the admin user)")
        flags += ["--admin-enabled", "false"]
    thing = f"registry {azure.registry.name}"
    if not flags:
        return as_wanted(thing)
    return Line(thing, UPDATE, ", ".join(why), registry.update(wanted.az, azure, *flags))
