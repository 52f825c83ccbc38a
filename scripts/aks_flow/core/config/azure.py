"""The section `azure` of invoke.yaml: what a subscription is to hold, as frozen values."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Annotated

from aks_flow.core.names import EMPTY, File, Label, Word, matching, one_of

MOST_TRUSTED = 20  # federated credentials of an identity
SMALL = "Standard_B2s"  # cheap, and outside what AKS supports for the nodes that run its own parts
UNDO_PURPOSE = "undo"
PURPOSES = ("push", "build", "read", "plan", "preview", UNDO_PURPOSE)
UNDO = "-undo"  # the end of the name of an environment that another one goes back in
KINDS = ("Group", "User", "ServicePrincipal")

# Azure's rules for names: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
_Group = Annotated[
    str,
    matching(
        "1 to 90 letters, digits and ._-(), with no '-' first and no full stop at the end",
        r"(?u:(?!-)[\w.()-]{0,89}[\w()-])",
    ),
]
_RegistryName = Annotated[
    str, matching("5 to 50 lower-case letters and digits: it is unique in all of Azure", "[a-z0-9]{5,50}")
]
_ClusterName = Annotated[
    str, matching("1 to 63 letters, digits, _ and -", r"[A-Za-z0-9]([\w-]{0,61}[A-Za-z0-9])?")
]
_Vault = Annotated[
    str,
    matching(
        "3 to 24 letters, digits and -: it is unique in all of Azure", r"(?=.{3,24}$)[A-Za-z](-?[A-Za-z0-9])+"
    ),
]
_GitHubRepository = Annotated[
    str,
    matching(
        "OWNER/NAME or OWNER@ID/NAME@ID, as GitHub's subjects have it",
        r"(?!-)([\w.-]+/[\w.-]+|[\w.-]+@[0-9]+/[\w.-]+@[0-9]+)",
    ),
]
_Sku = Annotated[str, one_of("Basic", "Standard", "Premium")]
_Tier = Annotated[str, one_of("free", "standard", "premium")]
_Access = Annotated[str, one_of("public", "private")]
_Upgrades = Annotated[str, one_of("none", "patch", "stable", "node-image")]
_Version = Annotated[
    str, matching("a Kubernetes version such as 1.35 or 1.35.5", r"[0-9]+\.[0-9]+(\.[0-9]+)?")
]
_Addresses = Annotated[
    str, matching("an IPv4 address or range", r"([0-9]{1,3}\.){3}[0-9]{1,3}(/[0-9]{1,2})?")
]
_Invoke = Annotated[str, one_of("none", "jobs")]
_ArgoCd = Annotated[str, one_of("plain", "extension")]
_Ingress = Annotated[str, one_of("none", "gateway")]
_Purpose = Annotated[str, one_of(*PURPOSES)]
_Kind = Annotated[str, one_of(*KINDS)]


@dataclass(frozen=True)
class AcrSettings:
    """The Azure Container Registry. group, subscription: where one is that `azure.up` does not make."""

    name: Annotated[_RegistryName, EMPTY] = ""
    sku: _Sku = "Basic"
    group: Annotated[_Group, EMPTY] = ""
    subscription: Annotated[Word, EMPTY] = ""


@dataclass(frozen=True)
class AksSettings:
    """The AKS cluster. group, subscription: as of the registry.

    node_size: a VM size, or `small`; the node pool grows between the two numbers. allowed: from which
    addresses its API may be reached, all if there is none. version: of Kubernetes, "" for AKS's own choice.
    upgrades: what AKS does by itself. invoke: who may run commands in it
    by `az aks command invoke`, besides its administrators. ingress: what AKS brings for TLS
    before the app: nothing, or a gateway (application routing by the Gateway API).
    """

    name: _ClusterName = "aks-flow"
    tier: _Tier = "free"
    node_size: Word = "Standard_D4ds_v5"
    min_nodes: int = 2
    max_nodes: int = 3
    access: _Access = "public"
    allowed: tuple[_Addresses, ...] = ()
    version: Annotated[_Version, EMPTY] = ""
    upgrades: _Upgrades = "patch"
    invoke: _Invoke = "none"
    argocd: _ArgoCd = "plain"
    ingress: _Ingress = "none"
    group: Annotated[_Group, EMPTY] = ""
    subscription: Annotated[Word, EMPTY] = ""

    @property
    def vm_size(self) -> str:
        """The size by Azure's name."""
        return SMALL if self.node_size == "small" else self.node_size


@dataclass(frozen=True)
class DockerHubAccount:
    """Who Azure is at Docker Hub when it copies from there. password_from: an environment variable's name."""

    user: Annotated[Word, EMPTY] = ""
    password_from: Word = "DOCKER_HUB_TOKEN"


@dataclass(frozen=True)
class GitHubSettings:
    """Whose jobs may sign in.

    environments: GitHub environments besides those of deliveries, with what their jobs do: ``push`` images,
    ``build`` them in Azure too, ``read`` what runs, ``plan`` for the first environment, deliver a
    ``preview``, or ``undo`` in the one that their name begins with. reviewers: GitHub user names who let a
    delivery into production.
    """

    repository: Annotated[_GitHubRepository, EMPTY] = ""
    environments: dict[Word, _Purpose] = field(default_factory=dict)
    reviewers: tuple[Word, ...] = ()


@dataclass(frozen=True)
class AzureSettings:
    """Everything that `azure.up` makes.

    home: the folder of the run's own sign-ins. client: the identity that a job is. admins: what each of these
    object ids is in Entra ID: Group, User or ServicePrincipal. roles_take: seconds until a new role counts.
    vault: the Key Vault that holds Secrets, "" for none. vault_accounts: the ServiceAccounts of each
    environment's namespace whose pods may mount it.
    """

    home: File
    location: Word
    group: _Group
    subscription: Annotated[Word, EMPTY] = ""
    tenant: Annotated[Word, EMPTY] = ""
    client: Annotated[Word, EMPTY] = ""
    admins: dict[Word, _Kind] = field(default_factory=dict)
    roles_take: int = 300
    registry: AcrSettings = AcrSettings()
    vault: Annotated[_Vault, EMPTY] = ""
    vault_accounts: tuple[Label, ...] = ("default",)
    cluster: AksSettings = AksSettings()
    docker_hub: DockerHubAccount = DockerHubAccount()
    github: GitHubSettings = GitHubSettings()


def _is_global(address: str) -> bool:
    """Whether AKS takes it: az refuses what is reserved, and a host's bits in a network."""
    try:
        return ip_network(address).is_global
    except ValueError:
        return False


def faults(azure: AzureSettings) -> Iterator[tuple[str, str]]:
    """What Azure would refuse, before it is asked: the key's path within the section, and what it must be."""
    yield from _cluster_faults(azure)
    for name, there in (("registry", azure.registry), ("cluster", azure.cluster)):
        if there.subscription and not there.group:
            yield f"{name}.group", f"must say in which group the {name} of {name}.subscription is"
        if there.group.lower() == azure.group.lower():
            yield f"{name}.group", "must be empty, or another group than azure.group, which is azure.up's own"
    if azure.vault and not 0 < len(set(azure.vault_accounts)) <= MOST_TRUSTED:
        yield "vault_accounts", f"must name 1 to {MOST_TRUSTED}: Azure lets an identity trust no more"
    if azure.roles_take < 0:
        yield "roles_take", "must be 0 or more seconds"


def _cluster_faults(azure: AzureSettings) -> Iterator[tuple[str, str]]:
    nodes = f"MC_{azure.group}_{azure.cluster.name}_{azure.location}"
    if len(nodes) > 80 and not azure.cluster.group:  # https://aka.ms/aks-naming-rules
        yield "cluster.name", f"must be shorter: AKS's own group {nodes} may have 80 characters"
    if not 1 <= azure.cluster.min_nodes <= azure.cluster.max_nodes:
        yield "cluster.min_nodes", "must be at least 1, and at most cluster.max_nodes"
    if azure.cluster.version.count(".") == 2 and azure.cluster.upgrades != "none":
        yield "cluster.version", "must be without a patch number, or cluster.upgrades none: AKS patches"
    for number, address in enumerate(azure.cluster.allowed):
        if not _is_global(address):
            yield f"cluster.allowed.{number}", "must be public: AKS takes no private or reserved address"
    if azure.cluster.allowed and azure.cluster.access == "private":
        yield "cluster.allowed", "must be empty for a private cluster: no address outside reaches it"
