"""az: the AKS cluster, made and changed."""

from collections.abc import Mapping

from aks_flow.core.command import Command, flags
from aks_flow.core.config.azure import AzureSettings
from aks_flow.tools.az import Az, every, tagged
from aks_flow.tools.az.aks import named, there

# Network policies count only where something enforces them: Azure CNI alone does not.
_NETWORK = flags(
    network_plugin="azure",
    network_plugin_mode="overlay",
    network_dataplane="cilium",
    network_policy="cilium",
)
_ENTRA = flags(enable_aad=True, enable_azure_rbac=True, disable_local_accounts=True)
# The add-on that is the Secrets Store driver, with an identity of its own; and what its profile is called.
_SECRETS, ADDON = "azure-keyvault-secrets-provider", "azureKeyvaultSecretsProvider"
_WORKLOADS = flags(enable_oidc_issuer=True, enable_workload_identity=True)
# Application routing by the Gateway API, with its kinds. The older form, NGINX, ends with November 2026.
GATEWAY = flags(enable_gateway_api=True, enable_app_routing_istio=True)


def create(az: Az, azure: AzureSettings, tags: Mapping[str, str], zones: tuple[str, ...] = ()) -> Command:
    """Ends when the cluster is there: five to ten minutes. zones: over which its nodes are spread."""
    cluster = azure.cluster
    nodes = flags(node_vm_size=cluster.vm_size, node_count=cluster.min_nodes, enable_cluster_autoscaler=True)
    more = flags(
        enable_private_cluster=cluster.access == "private",
        enable_addons=_SECRETS if azure.vault else None,
        no_ssh_key=True,
        api_server_authorized_ip_ranges=",".join(cluster.allowed) or None,
        kubernetes_version=cluster.version or None,
        auto_upgrade_channel=cluster.upgrades,
    )
    words = (*flags(location=azure.location), *tier(azure), *nodes, *_between(azure))
    words += GATEWAY if cluster.ingress == "gateway" else ()
    words += (*_ENTRA, *_WORKLOADS, *_NETWORK, *more, *_spread(zones), *tagged(tags), *flags(yes=True))
    return there(az, azure).command("aks", "create", *named(azure), *words)


def _spread(zones: tuple[str, ...]) -> tuple[str, ...]:
    """az takes all zones behind one name, and so it has no ``=``."""
    return ("--zones", *zones) if zones else ()


def allow(azure: AzureSettings) -> tuple[str, ...]:
    """The option for the addresses that reach the API; an empty one lets all in."""
    return (f"--api-server-authorized-ip-ranges={','.join(azure.cluster.allowed)}",)


def upgrade(az: Az, azure: AzureSettings, version: str) -> Command:
    """Control plane and nodes to a version, node after node: a quarter of an hour or more."""
    words = flags(kubernetes_version=version, yes=True)
    return there(az, azure).command("aks", "upgrade", *named(azure), *words)


def tier(azure: AzureSettings) -> tuple[str, ...]:
    """The control plane's price and promise. Premium goes with long-term support, and that with premium."""
    plan = "AKSLongTermSupport" if azure.cluster.tier == "premium" else "KubernetesOfficial"
    return flags(tier=azure.cluster.tier, k8s_support_plan=plan)


def update(az: Az, azure: AzureSettings, *options: str) -> Command:
    return there(az, azure).command("aks", "update", *named(azure), *options)


def start(az: Az, azure: AzureSettings) -> Command:
    """Ends when the nodes of a stopped one are there again: some minutes."""
    return there(az, azure).command("aks", "start", *named(azure))


def resize(az: Az, azure: AzureSettings, option: str) -> Command:
    """Set the node pool's bounds; option: ``--enable-cluster-autoscaler``, ``--update-…`` if it has one."""
    return update(az, azure, option, *_between(azure))


def enable_secrets(az: Az, azure: AzureSettings) -> Command:
    return there(az, azure).command("aks", "enable-addons", *named(azure), *flags(addons=_SECRETS))


def wait(az: Az, azure: AzureSettings, state: str, seconds: int) -> Command:
    """Until an operation in progress has ended; state: ``--created``, ``--updated`` or ``--deleted``."""
    return there(az, azure).command("aks", "wait", *named(azure), state, *every(seconds), reads=True)


def _between(azure: AzureSettings) -> tuple[str, ...]:
    return flags(min_count=azure.cluster.min_nodes, max_count=azure.cluster.max_nodes)
