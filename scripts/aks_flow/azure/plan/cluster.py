"""The AKS cluster as it is -> the line of a plan about it. Pure.

Fields: the resource Microsoft.ContainerService/managedClusters, as `az aks show` prints it.
"""

import itertools
from collections.abc import Iterator, Mapping

from aks_flow.azure.plan import kubernetes_version, nodes, shared
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, UPDATE, WAIT, Line, unchanged
from aks_flow.core.command import Command, flags
from aks_flow.core.config.azure import AzureSettings
from aks_flow.tools.az import Az, aks_cluster

MADE = 1800  # seconds for an operation on a cluster
_BUSY = {"Creating": "--created", "Deleting": "--deleted"}
_WHO = (
    "Put yourself in as User (`az ad signed-in-user show --query id` says your object id), or a group of "
    "yours as Group (`az ad group show --group NAME --query id`)."
)
_ENDED = ("Succeeded", "Failed", "Canceled")


def lines(az: Az, azure: AzureSettings, facts: AzureFacts, tags: Mapping[str, str]) -> Iterator[Line]:
    """What is to be done about the cluster."""
    thing, existing = f"cluster {azure.cluster.name}", facts.cluster
    if not azure.admins:
        yield Line(thing, IMPOSSIBLE, "has nobody who administers it: azure.admins is empty", do=_WHO)
    if azure.cluster.group:
        lacks = _lacks(azure, existing) if existing else ()
        yield shared.line(thing, existing, azure.cluster.group, "azure.cluster.group", lacks)
        return
    if existing is None:
        yield _missing(az, azure, facts, tags, thing)
        return
    state = existing["provisioningState"]
    if state not in _ENDED:
        command = aks_cluster.wait(az, azure, _BUSY.get(state, "--updated"), MADE)
        yield Line(thing, WAIT, f"is {state}", command)
    elif differences := list(_unchangeable(azure, existing)):
        do = "Set invoke.yaml to what there is, or remove the cluster with ./inv azure.down."
        yield Line(thing, IMPOSSIBLE, f"cannot be changed: it {', and it '.join(differences)}", do=do)
    elif _is_stopped(existing):  # AKS changes nothing of it until it runs
        yield Line(thing, UPDATE, "is stopped", aks_cluster.start(az, azure))
    else:
        yield from _changes(az, azure, existing, thing)


def _lacks(azure: AzureSettings, existing: Mapping) -> tuple[str, ...]:
    """What a cluster that is not ours must have, for identities and their roles to work there."""
    entra = existing.get("aadProfile") or {}
    has_driver = _is_on(existing, "addonProfiles", aks_cluster.ADDON)
    lacking = {
        "is stopped": _is_stopped(existing),
        "does not know Entra ID": not entra,
        "does not ask Azure who may do what": bool(entra) and not entra.get("enableAzureRbac"),
        "has no Secrets Store driver": bool(azure.vault) and not has_driver,
        "has no OIDC issuer": bool(azure.vault) and not _is_on(existing, "oidcIssuerProfile"),
        "has no workload identity": bool(azure.vault) and not _has_workload_identity(existing),
        "has no gateway": azure.cluster.ingress == "gateway" and not _has_gateway(existing),
    }
    return tuple(text for text, lacks in lacking.items() if lacks)


def _missing(az: Az, azure: AzureSettings, facts: AzureFacts, tags: Mapping[str, str], thing: str) -> Line:
    if obstacles := list(nodes.obstacles(azure, facts)):
        do = "Set azure.cluster.node_size, min_nodes or azure.location to what there is, or ask for quota."
        return Line(thing, IMPOSSIBLE, f"cannot be made: {', '.join(obstacles)}", do=do)
    risks = "".join(f"; {risk}" for risk in nodes.risks(azure, facts))
    made = aks_cluster.create(az, azure, tags, nodes.zones(azure, facts))
    return Line(thing, CREATE, f"is missing{risks}", made)


def _changes(az: Az, azure: AzureSettings, existing: Mapping, thing: str) -> Iterator[Line]:
    updates = [*_settings(az, azure, existing), *_addon(az, azure, existing), *_nodes(az, azure, existing)]
    updates += _version(az, azure, existing)
    for why, command in updates:
        yield Line(thing, UPDATE, why, command)
    if not updates and existing["provisioningState"] != "Succeeded":
        why = f"is {existing['provisioningState']}: its last operation did not end well"
        again = aks_cluster.update(az, azure, *aks_cluster.tier(azure))  # with nothing new it reconciles
        yield Line(thing, UPDATE, why, again)
    elif not updates:
        yield unchanged(thing)


def _settings(az: Az, azure: AzureSettings, existing: Mapping) -> Iterator[tuple[str, Command]]:
    if differences := dict(_differences(azure, existing)):
        options = itertools.chain.from_iterable(differences.values())
        yield ", ".join(differences), aks_cluster.update(az, azure, *options)


def _addon(az: Az, azure: AzureSettings, existing: Mapping) -> Iterator[tuple[str, Command]]:
    if azure.vault and not _is_on(existing, "addonProfiles", aks_cluster.ADDON):
        yield "has no Secrets Store driver", aks_cluster.enable_secrets(az, azure)


def _version(az: Az, azure: AzureSettings, existing: Mapping) -> Iterator[tuple[str, Command]]:
    """AKS upgrades by one minor version at a time: the rest comes when that is there."""
    if why := _other_version(azure, existing):
        step = kubernetes_version.upgrade(_runs(existing), azure.cluster.version)
        first = f": {step} comes first" if step != azure.cluster.version else ""
        yield f"{why}{first}", aks_cluster.upgrade(az, azure, step)


def _other_version(azure: AzureSettings, existing: Mapping) -> str:
    """What differs; "" if nothing does. `1.35` is any of these: AKS keeps to its newest by itself."""
    runs, wanted = _runs(existing), azure.cluster.version
    differs = wanted and not f"{runs}.".startswith(f"{wanted}.")
    return f"runs Kubernetes {runs}, not {wanted}" if differs else ""


def _runs(existing: Mapping) -> str:
    return existing.get("currentKubernetesVersion") or existing.get("kubernetesVersion") or ""


def _nodes(az: Az, azure: AzureSettings, existing: Mapping) -> Iterator[tuple[str, Command]]:
    pool, low, high = existing["agentPoolProfiles"][0], azure.cluster.min_nodes, azure.cluster.max_nodes
    if not pool.get("enableAutoScaling"):
        why = f"has always {pool['count']} nodes, not {low} to {high}"
        yield why, aks_cluster.resize(az, azure, "--enable-cluster-autoscaler")
    elif (pool["minCount"], pool["maxCount"]) != (low, high):
        why = f"has {pool['minCount']} to {pool['maxCount']} nodes, not {low} to {high}"
        yield why, aks_cluster.resize(az, azure, "--update-cluster-autoscaler")


def _differences(azure: AzureSettings, existing: Mapping) -> Iterator[tuple[str, tuple[str, ...]]]:
    tier = existing["sku"]["tier"]
    if tier.lower() != azure.cluster.tier:
        yield f"is {tier}, not {azure.cluster.tier}", aks_cluster.tier(azure)
    if not _is_on(existing, "oidcIssuerProfile"):
        yield "has no OIDC issuer", flags(enable_oidc_issuer=True)
    if not _has_workload_identity(existing):
        yield "has no workload identity", flags(enable_workload_identity=True)
    ranges = (existing.get("apiServerAccessProfile") or {}).get("authorizedIpRanges") or ()
    if {_as_range(address) for address in azure.cluster.allowed} != set(ranges):
        yield f"lets in {', '.join(ranges) or 'every address'}", aks_cluster.allow(azure)
    channel = (existing.get("autoUpgradeProfile") or {}).get("upgradeChannel") or "none"
    if channel != azure.cluster.upgrades:
        yield (
            f"has upgrades {channel}, not {azure.cluster.upgrades}",
            flags(auto_upgrade_channel=azure.cluster.upgrades),
        )
    if azure.cluster.ingress == "gateway" and not _has_gateway(existing):
        yield "has no gateway", aks_cluster.GATEWAY
    entra = existing.get("aadProfile") or {}
    if not entra:
        yield "does not know Entra ID", flags(enable_aad=True)
    if not entra.get("enableAzureRbac"):
        yield "does not ask Azure who may do what", flags(enable_azure_rbac=True)
    if not existing.get("disableLocalAccounts"):
        yield "has local accounts", flags(disable_local_accounts=True)


def _is_stopped(existing: Mapping) -> bool:
    """As `az aks stop` leaves it; its `provisioningState` is Succeeded then, too."""
    return _at(existing, "powerState").get("code") == "Stopped"


def _has_workload_identity(existing: Mapping) -> bool:
    return _is_on(existing, "securityProfile", "workloadIdentity")


def _has_gateway(existing: Mapping) -> bool:
    """Application routing by the Gateway API, with that API's kinds."""
    kinds = _at(existing, "ingressProfile", "gatewayApi").get("installation")
    way = ("ingressProfile", "webAppRouting", "gatewayApiImplementations", "appRoutingIstio")
    return kinds == "Standard" and _at(existing, *way).get("mode") == "Enabled"


def _as_range(address: str) -> str:
    """As AKS shows it: one address is a range, too."""
    return address if "/" in address else f"{address}/32"


def _unchangeable(azure: AzureSettings, existing: Mapping) -> Iterator[str]:
    """What differs and cannot be changed in place."""
    if existing["location"] != azure.location:
        yield f"is in {existing['location']}, not in {azure.location}"
    private = bool((existing.get("apiServerAccessProfile") or {}).get("enablePrivateCluster"))
    if private != (azure.cluster.access == "private"):
        yield f"is {'private' if private else 'public'}, not {azure.cluster.access}"
    why = _other_version(azure, existing)
    if why and kubernetes_version.is_earlier(azure.cluster.version, _runs(existing)):
        yield why
    size = existing["agentPoolProfiles"][0]["vmSize"]
    if size.lower() != azure.cluster.vm_size.lower():
        yield f"has nodes of size {size}, not {azure.cluster.vm_size}"


def _is_on(existing: Mapping, *path: str) -> bool:
    return bool(_at(existing, *path).get("enabled"))


def _at(existing: Mapping, *path: str) -> Mapping:
    """What lies at a path; {} where there is nothing."""
    for key in path:
        existing = existing.get(key) or {}
    return existing
