"""Who may do what: each GitHub environment has an identity of its own, with the narrowest roles that suffice.

The built-in roles: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from aks_flow.core.config import Config
from aks_flow.core.config.azure import UNDO, AcrSettings, AksSettings, AzureSettings
from aks_flow.core.config.secrets import in_vault

PULL, PUSH = "AcrPull", "AcrPush"
IMPORT = "Container Registry Data Importer and Data Reader"
BUILD = "Container Registry Tasks Contributor"
REACH = "Azure Kubernetes Service Cluster User Role"
WRITE, READ = "Azure Kubernetes Service RBAC Writer", "Azure Kubernetes Service RBAC Reader"
ADMINISTER = "Azure Kubernetes Service RBAC Cluster Admin"
SECRETS_READER, SECRETS_WRITER = "Key Vault Secrets User", "Key Vault Secrets Officer"
KUBELET = "the cluster's nodes"  # their identity, which AKS makes with the cluster
ADDON = "the Secrets Store add-on"  # its identity, which AKS makes too, and which gets no role
_INVOKE = " command invoke "  # of a role that azure.up makes itself
_IDS = re.compile(r"^((?:repo:)?[\w.-]+)@\d+(/[\w.-]+)@\d+")
_AT_REGISTRY = {"push": (PUSH, IMPORT), "build": (PUSH, IMPORT, BUILD), "deliver": (PULL,), "read": (PULL,)}
_AT_REGISTRY |= {"plan": (PULL,), "undo": (PULL,), "preview": (PUSH,)}


@dataclass(frozen=True)
class Grant:
    """A role at a scope. who: an identity's name, `KUBELET`, or an administrator's object id.

    kind: what an administrator is in Entra ID; "" for the others, which are ours.
    """

    who: str
    role: str
    scope: str
    kind: str = ""


def identities(config: Config) -> dict[str, str]:
    """The identity's name for each GitHub environment whose jobs sign in."""
    names = (*config.environments_here, *config.azure.github.environments)
    return {name: f"{config.azure.group}-{name}" for name in names}


def vault_readers(config: Config) -> dict[str, str]:
    """The name of the identity that an environment's pods read the vault as; {} if there is no vault.

    Each has its own: whose pods may be an identity may read all that it may.
    """
    names = config.environments_here if config.azure.vault else ()
    return {name: f"{config.azure.group}_vault_{name}" for name in names}


def account_subject(namespace: str, account: str) -> str:
    """What a token of Kubernetes says of a ServiceAccount."""
    return f"system:serviceaccount:{namespace}:{account}"


def delivers_to(config: Config, name: str) -> str:
    """The environment whose namespace the jobs of a GitHub environment write to, "" for none."""
    purpose = config.azure.github.environments.get(name, "deliver")
    return {"deliver": name, "undo": name.removesuffix(UNDO)}.get(purpose, "")


def _read(config: Config, purpose: str) -> list[str]:
    """The namespaces that jobs of a purpose may read alone: a plan is for the first environment."""
    namespaces = [environment.namespace for environment in config.environments_here.values()]
    return {"read": namespaces, "plan": namespaces[:1]}.get(purpose, [])


def subject(repository: str, environment: str) -> str:
    """What GitHub's token says of a job in an environment; a colon in the name is escaped.

    repository: OWNER/NAME, or OWNER@ID/NAME@ID where GitHub makes subjects immutable.
    https://docs.github.com/actions/reference/security/oidc#immutable-subject-claims
    """
    return f"repo:{repository}:environment:{environment.replace(':', '%3A')}"


def without_ids(text: str) -> str:
    """A repository, or a subject, without the numbers of owner and name."""
    return _IDS.sub(r"\1\2", text)


def grants(config: Config, subscription: str) -> list[Grant]:
    """Every role assignment that the configuration asks for."""
    azure = config.azure
    assigned = [Grant(KUBELET, PULL, registry_id(azure, subscription))] if azure.registry.name else []
    for environment, who in identities(config).items():
        purpose = azure.github.environments.get(environment, "deliver")
        written = config.environments_here.get(delivers_to(config, environment))
        namespace = written.namespace if written else ""
        places = _places(config, subscription, purpose, namespace)
        assigned += [Grant(who, role, scope) for role, scope in places]
    cluster = cluster_id(azure, subscription)
    for who, kind in azure.admins.items():
        assigned += [Grant(who, role, cluster, kind) for role in (REACH, ADMINISTER)]
    return [*assigned, *_vault(config, subscription)]


def _vault(config: Config, subscription: str) -> Iterator[Grant]:
    """Administrators put the values in; an environment's pods read its secrets and nothing else."""
    azure = config.azure
    if azure.vault:
        vault = vault_id(azure, subscription)
        yield from (Grant(who, SECRETS_WRITER, vault, kind) for who, kind in azure.admins.items())
        for environment, who in vault_readers(config).items():
            for name in secret_names(config, environment):
                yield Grant(who, SECRETS_READER, f"{vault}/secrets/{name}")


def _places(config: Config, subscription: str, purpose: str, namespace: str) -> Iterator[tuple[str, str]]:
    """(role, scope) pairs. namespace: where it delivers, "" for nowhere."""
    azure = config.azure
    cluster = cluster_id(azure, subscription)
    if azure.registry.name:
        yield from ((role, registry_id(azure, subscription)) for role in _AT_REGISTRY[purpose])
    readable = _read(config, purpose)
    if namespace or readable or purpose == "preview":  # whose namespaces come and go: no scope is one of them
        yield REACH, cluster
        if azure.cluster.invoke == "jobs":
            yield invoke_role(azure, azure.cluster.subscription or subscription), cluster
    for name in readable:
        yield READ, f"{cluster}/namespaces/{name}"
    if namespace:
        yield WRITE, f"{cluster}/namespaces/{namespace}"


def invoke_role(azure: AzureSettings, subscription: str) -> str:
    """The name of the role for commands in the cluster: it must be unique in the tenant."""
    return f"{azure.group}{_INVOKE}({subscription[:8]})"


def is_invoke_role(role: str) -> bool:
    return _INVOKE in role


def group_id(azure: AzureSettings, subscription: str) -> str:
    return f"/subscriptions/{subscription}/resourceGroups/{azure.group}"


def registry_id(azure: AzureSettings, subscription: str) -> str:
    provider = "Microsoft.ContainerRegistry/registries"
    return f"{_where(azure, azure.registry, subscription)}/providers/{provider}/{azure.registry.name}"


def vault_id(azure: AzureSettings, subscription: str) -> str:
    return f"{group_id(azure, subscription)}/providers/Microsoft.KeyVault/vaults/{azure.vault}"


def secret_names(config: Config, environment: str) -> list[str]:
    """What the vault holds for an environment: a secret for each key of a Secret that is from the vault."""
    return [
        in_vault(environment, name, key)
        for name, secret in config.vault_secrets.items()
        for key in secret.keys
    ]


def cluster_id(azure: AzureSettings, subscription: str) -> str:
    provider = "Microsoft.ContainerService/managedClusters"
    return f"{_where(azure, azure.cluster, subscription)}/providers/{provider}/{azure.cluster.name}"


def _where(azure: AzureSettings, there: AcrSettings | AksSettings, subscription: str) -> str:
    """The id of the group of a registry or a cluster, which may have been there before."""
    group = replace(azure, group=there.group or azure.group)
    return group_id(group, there.subscription or subscription)
