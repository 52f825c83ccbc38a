"""The section `azure` of invoke.yaml: what a subscription is to hold, as frozen values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

# Azure's rules for names: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
_NAMES = {
    "group": (r"[\w.()-]{0,89}[\w()-]", "1 to 90 letters, digits and ._-(), no full stop at the end"),
    "registry.name": (r"[A-Za-z0-9]{5,50}", "5 to 50 letters and digits: it is unique in all of Azure"),
    "cluster.name": (r"[A-Za-z0-9]([\w-]{0,61}[A-Za-z0-9])?", "1 to 63 letters, digits, _ and -"),
    "vault": (
        r"(?=.{3,24}$)[A-Za-z](-?[A-Za-z0-9])+",
        "3 to 24 letters, digits and -: it is unique in all of Azure",
    ),
    "github.repository": (
        r"[\w.-]+/[\w.-]+|[\w.-]+@\d+/[\w.-]+@\d+",
        "OWNER/NAME or OWNER@ID/NAME@ID, as GitHub's subjects have it",
    ),
}
_WORDS = {
    "registry.sku": ("Basic", "Standard", "Premium"),
    "cluster.tier": ("free", "standard", "premium"),
    "cluster.access": ("public", "private"),
    "cluster.argocd": ("plain", "extension"),
}
_OPTIONAL = ("registry.name", "vault", "github.repository")
PURPOSES = ("push", "build", "read")
KINDS = ("Group", "User", "ServicePrincipal")


@dataclass(frozen=True)
class Registry:
    """The Azure Container Registry."""

    name: str = ""
    sku: str = "Basic"


@dataclass(frozen=True)
class Cluster:
    """The AKS cluster; ``node_size`` is a VM size, the node pool grows between the two numbers."""

    name: str = "aks-flow"
    tier: str = "free"
    node_size: str = "Standard_B2s"
    min_nodes: int = 1
    max_nodes: int = 3
    access: str = "public"
    argocd: str = "plain"


@dataclass(frozen=True)
class GitHub:
    """Whose jobs may sign in.

    environments: GitHub environments besides those of deliveries, with what their jobs do: ``push`` images,
    ``build`` them in Azure too, or ``read`` what runs. reviewers: GitHub user names who let a delivery into
    production.
    """

    repository: str = ""
    environments: dict[str, str] = field(default_factory=dict)
    reviewers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Azure:
    """Everything that `azure.up` makes.

    home: the folder of the run's own sign-ins. client: the identity that a job is. admins: what each of these
    object ids is in Entra ID: Group, User or ServicePrincipal. vault: the Key Vault that holds Redis's
    passwords, "" for none.
    """

    home: str
    location: str
    group: str
    subscription: str = ""
    tenant: str = ""
    client: str = ""
    admins: dict[str, str] = field(default_factory=dict)
    registry: Registry = Registry()
    vault: str = ""
    cluster: Cluster = Cluster()
    github: GitHub = GitHub()


def faults(azure: Azure) -> Iterator[tuple[str, str]]:
    """What Azure would refuse, before it is asked: the key's path within the section, and what it must be."""
    for path, (pattern, what) in _NAMES.items():
        value = _at(azure, path)
        if not re.fullmatch(pattern, value) and not (value == "" and path in _OPTIONAL):
            yield path, f"must be {what}, not {value!r}"
    for path, words in _WORDS.items():
        if _at(azure, path) not in words:
            yield path, f"must be one of: {', '.join(words)}"
    for name, purpose in azure.github.environments.items():
        if purpose not in PURPOSES:
            yield f"github.environments.{name}", f"must be one of: {', '.join(PURPOSES)}"
    for name, kind in azure.admins.items():
        if kind not in KINDS:
            yield f"admins.{name}", f"must be one of: {', '.join(KINDS)}"
    if not 1 <= azure.cluster.min_nodes <= azure.cluster.max_nodes:
        yield "cluster.min_nodes", "must be at least 1, and at most cluster.max_nodes"


def _at(azure: Azure, path: str) -> str:
    value = azure
    for key in path.split("."):
        value = getattr(value, key)
    return value
