"""az: the AKS cluster: made, changed, reached."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from aks_flow.core.command import Command
from aks_flow.core.config.azure import AzureSettings
from aks_flow.tools.az import FOUND_OR_NOT, Az, every, parse
from aks_flow.tools.az.group import tagged

# Network policies count only where something enforces them: Azure CNI alone does not.
_NETWORK = (
    *("--network-plugin", "azure", "--network-plugin-mode", "overlay"),
    *("--network-dataplane", "cilium", "--network-policy", "cilium"),
)
_ENTRA = ("--enable-aad", "--enable-azure-rbac", "--disable-local-accounts")
# The add-on that is the Secrets Store driver, with an identity of its own; and what its profile is called.
_SECRETS, ADDON = "azure-keyvault-secrets-provider", "azureKeyvaultSecretsProvider"
_WORKLOADS = ("--enable-oidc-issuer", "--enable-workload-identity")


def show(az: Az, azure: AzureSettings) -> Command:
    return az.command("aks", "show", *_name(azure), reads=True, ok=FOUND_OR_NOT)


def create(az: Az, azure: AzureSettings, tags: Mapping[str, str]) -> Command:
    """Ends when the cluster is there: five to ten minutes."""
    cluster = azure.cluster
    private = ("--enable-private-cluster",) if cluster.access == "private" else ()
    addons = ("--enable-addons", _SECRETS) if azure.vault else ()
    nodes = (
        *("--node-vm-size", cluster.node_size, "--node-count", cluster.min_nodes),
        *("--enable-cluster-autoscaler", *_between(azure)),
    )
    flags = (
        "--tier",
        cluster.tier,
        *nodes,
        *_ENTRA,
        *_WORKLOADS,
        *_NETWORK,
        *private,
        *addons,
        "--no-ssh-key",
    )
    return az.command(
        "aks", "create", *_name(azure), "--location", azure.location, *flags, *tagged(tags), "--yes"
    )


def update(az: Az, azure: AzureSettings, *flags: str) -> Command:
    return az.command("aks", "update", *_name(azure), *flags)


def resize(az: Az, azure: AzureSettings, flag: str) -> Command:
    """Set the node pool's bounds; flag: ``--update-cluster-autoscaler``, or ``--enable-…`` if it has none."""
    return update(az, azure, flag, *(str(word) for word in _between(azure)))


def enable_secrets(az: Az, azure: AzureSettings) -> Command:
    return az.command("aks", "enable-addons", *_name(azure), "--addons", _SECRETS)


def wait(az: Az, azure: AzureSettings, state: str, seconds: int) -> Command:
    """Until an operation in progress has ended; state: ``--created``, ``--updated`` or ``--deleted``."""
    return az.command("aks", "wait", *_name(azure), state, *every(seconds), reads=True)


def credentials(az: Az, azure: AzureSettings, file: Path) -> Command:
    """Write the signed-in identity's kubeconfig.

    az then has kubelogin convert "the" kubeconfig, which without the variable is the person's own.
    """
    asked = az.command("aks", "get-credentials", *_name(azure), "--file", file, "--overwrite-existing")
    return asked.with_env(KUBECONFIG=str(file))


def use_cli_login(kubeconfig: Path) -> Command:
    """Make a kubeconfig ask az for its tokens, not a person."""
    return Command(
        ("kubelogin", "convert-kubeconfig", "--login", "azurecli", "--kubeconfig", str(kubeconfig))
    )


def invoke(az: Az, azure: AzureSettings, line: str, files: list[Path]) -> Command:
    """Start a command line in the cluster, with files beside it; answers with the id to ask for."""
    attached = [word for file in files for word in ("--file", file)]
    words = ("aks", "command", "invoke", *_name(azure), "--command", line, *attached, "--no-wait")
    return az.command(*words)


def invoked(az: Az, azure: AzureSettings, identifier: str) -> Command:
    """What has become of it."""
    words = ("aks", "command", "result", *_name(azure), "--command-id", identifier)
    return az.command(*words, reads=True)


def parse_id(text: str) -> str:
    """The id of a command that was started; "" if az did not say."""
    found = re.search(r"command id: (\w+)", text)
    return found[1] if found else ""


@dataclass(frozen=True)
class Invoked:
    """A command's end. state: Succeeded or Failed (then ``reason``); code: the command's own exit code."""

    state: str
    code: int | None = None
    logs: str = ""
    reason: str = ""


def parse_invoked(text: str) -> Invoked | None:
    """None while it runs: then az says so in a sentence, or its state is not one of an end."""
    answer = parse(text) if text.lstrip().startswith("{") else None
    if answer is None or answer.get("provisioningState") not in ("Succeeded", "Failed"):
        return None
    code = answer.get("exitCode")
    return Invoked(answer["provisioningState"], code, answer.get("logs") or "", answer.get("reason") or "")


def _name(azure: AzureSettings) -> tuple[str, ...]:
    return ("--name", azure.cluster.name, "--resource-group", azure.group)


def _between(azure: AzureSettings) -> tuple[object, ...]:
    return ("--min-count", azure.cluster.min_nodes, "--max-count", azure.cluster.max_nodes)
