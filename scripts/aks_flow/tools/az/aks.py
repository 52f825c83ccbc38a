"""az: the AKS cluster: made, changed, reached."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from aks_flow.core.command import Command, flags
from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.reading import reads
from aks_flow.tools.az import FOUND_OR_NOT, Az, every, parse
from aks_flow.tools.az.group import tagged

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


def show(az: Az, azure: AzureSettings) -> Command:
    return _there(az, azure).command("aks", "show", *_name(azure), reads=True, ok=FOUND_OR_NOT)


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
    return _there(az, azure).command("aks", "create", *_name(azure), *words)


def _spread(zones: tuple[str, ...]) -> tuple[str, ...]:
    """az takes all zones behind one name, and so it has no ``=``."""
    return ("--zones", *zones) if zones else ()


def allow(azure: AzureSettings) -> tuple[str, ...]:
    """The option for the addresses that reach the API; an empty one lets all in."""
    return (f"--api-server-authorized-ip-ranges={','.join(azure.cluster.allowed)}",)


def upgrade(az: Az, azure: AzureSettings) -> Command:
    """Control plane and nodes to the configured version, node after node: a quarter of an hour or more."""
    words = flags(kubernetes_version=azure.cluster.version, yes=True)
    return _there(az, azure).command("aks", "upgrade", *_name(azure), *words)


def tier(azure: AzureSettings) -> tuple[str, ...]:
    """The control plane's price and promise. Premium goes with long-term support, and that with premium."""
    plan = "AKSLongTermSupport" if azure.cluster.tier == "premium" else "KubernetesOfficial"
    return flags(tier=azure.cluster.tier, k8s_support_plan=plan)


def update(az: Az, azure: AzureSettings, *options: str) -> Command:
    return _there(az, azure).command("aks", "update", *_name(azure), *options)


def resize(az: Az, azure: AzureSettings, option: str) -> Command:
    """Set the node pool's bounds; option: ``--enable-cluster-autoscaler``, ``--update-…`` if it has one."""
    return update(az, azure, option, *_between(azure))


def enable_secrets(az: Az, azure: AzureSettings) -> Command:
    return _there(az, azure).command("aks", "enable-addons", *_name(azure), *flags(addons=_SECRETS))


def wait(az: Az, azure: AzureSettings, state: str, seconds: int) -> Command:
    """Until an operation in progress has ended; state: ``--created``, ``--updated`` or ``--deleted``."""
    return _there(az, azure).command("aks", "wait", *_name(azure), state, *every(seconds), reads=True)


def credentials(az: Az, azure: AzureSettings, file: Path) -> Command:
    """Write the signed-in identity's kubeconfig.

    Where there is a kubelogin, az has it convert "the" kubeconfig: without the variable the person's own.
    """
    words = flags(file=file, overwrite_existing=True)
    return (
        _there(az, azure)
        .command("aks", "get-credentials", *_name(azure), *words)
        .with_env(KUBECONFIG=str(file))
    )


def invoke(az: Az, azure: AzureSettings, line: str, files: list[Path]) -> Command:
    """Start a command line in the cluster, with files beside it; answers with the id to ask for."""
    words = flags(command=line, file=files, no_wait=True)
    return _there(az, azure).command("aks", "command", "invoke", *_name(azure), *words)


def invoked(az: Az, azure: AzureSettings, identifier: str) -> Command:
    """What has become of it."""
    words = flags(command_id=identifier)
    return _there(az, azure).command("aks", "command", "result", *_name(azure), *words, reads=True)


def parse_id(text: str) -> str:
    """The id of a command that was started; "" if az did not say."""
    identifier = re.search(r"command id: (\w+)", text)
    return identifier[1] if identifier else ""


@dataclass(frozen=True)
class Invoked:
    """A command's end. state: Succeeded or Failed (then ``reason``); code: the command's own exit code."""

    state: str
    code: int | None = None
    logs: str = ""
    reason: str = ""


@reads("az", private=True)
def parse_invoked(text: str) -> Invoked | None:
    """None while it runs: then az says so in a sentence, or its state is not one of an end."""
    answer = parse(text) if text.lstrip().startswith("{") else None
    if answer is None or answer.get("provisioningState") not in ("Succeeded", "Failed"):
        return None
    code = answer.get("exitCode")
    return Invoked(answer["provisioningState"], code, answer.get("logs") or "", answer.get("reason") or "")


def _name(azure: AzureSettings) -> tuple[str, ...]:
    return flags(name=azure.cluster.name, resource_group=azure.cluster.group or azure.group)


def _there(az: Az, azure: AzureSettings) -> Az:
    """az, where the cluster is: one that was there before may be in another subscription."""
    return replace(az, subscription=azure.cluster.subscription or az.subscription)


def _between(azure: AzureSettings) -> tuple[str, ...]:
    return flags(min_count=azure.cluster.min_nodes, max_count=azure.cluster.max_nodes)
