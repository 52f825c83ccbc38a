"""The AKS cluster as it is -> the line of a plan about it. Pure.

Fields: the resource Microsoft.ContainerService/managedClusters, as `az aks show` prints it.
"""

from collections.abc import Iterator, Mapping

from aks_flow.azure.plan.line import CREATE, IMPOSSIBLE, UPDATE, WAIT, Line, as_wanted
from aks_flow.core.command import Command
from aks_flow.core.config_azure import Azure
from aks_flow.tools.az import Az, cluster

MADE = 1800  # seconds for an operation on a cluster
_BUSY = {"Creating": "--created", "Deleting": "--deleted"}
_ENDED = ("Succeeded", "Failed", "Canceled")


def lines(az: Az, azure: Azure, found: Mapping | None, tags: Mapping[str, str]) -> Iterator[Line]:
    thing = f"cluster {azure.cluster.name}"
    if found is None:
        yield Line(thing, CREATE, "is missing", cluster.create(az, azure, tags))
        return
    state = found["provisioningState"]
    if state not in _ENDED:
        asked = cluster.wait(az, azure, _BUSY.get(state, "--updated"), MADE)
        yield Line(thing, WAIT, f"is {state}", asked)
    elif fixed := list(_fixed(azure, found)):
        do = "Set invoke.yaml to what there is, or remove the cluster with ./inv azure.down."
        yield Line(thing, IMPOSSIBLE, f"cannot be changed: it {', and it '.join(fixed)}", do=do)
    else:
        yield from _changes(az, azure, found, thing)


def _changes(az: Az, azure: Azure, found: Mapping, thing: str) -> Iterator[Line]:
    updates = [*_settings(az, azure, found), *_addon(az, azure, found), *_nodes(az, azure, found)]
    for why, command in updates:
        yield Line(thing, UPDATE, why, command)
    if not updates and found["provisioningState"] != "Succeeded":
        why = f"is {found['provisioningState']}: its last operation did not end well"
        again = cluster.update(az, azure, "--tier", azure.cluster.tier)  # with nothing new it reconciles
        yield Line(thing, UPDATE, why, again)
    elif not updates:
        yield as_wanted(thing)


def _settings(az: Az, azure: Azure, found: Mapping) -> Iterator[tuple[str, Command]]:
    if differences := dict(_differences(azure, found)):
        flags = [flag for flags in differences.values() for flag in flags]
        yield ", ".join(differences), cluster.update(az, azure, *flags)


def _addon(az: Az, azure: Azure, found: Mapping) -> Iterator[tuple[str, Command]]:
    if azure.vault and not _on(found, "addonProfiles", cluster.ADDON):
        yield "has no Secrets Store driver", cluster.enable_secrets(az, azure)


def _nodes(az: Az, azure: Azure, found: Mapping) -> Iterator[tuple[str, Command]]:
    pool, wanted = found["agentPoolProfiles"][0], (azure.cluster.min_nodes, azure.cluster.max_nodes)
    grows = pool.get("enableAutoScaling")
    if not grows:
        why = f"has always {pool['count']} nodes, not {wanted[0]} to {wanted[1]}"
        yield why, cluster.resize(az, azure, "--enable-cluster-autoscaler")
    elif (pool["minCount"], pool["maxCount"]) != wanted:
        why = f"has {pool['minCount']} to {pool['maxCount']} nodes, not {wanted[0]} to {wanted[1]}"
        yield why, cluster.resize(az, azure, "--update-cluster-autoscaler")


def _differences(azure: Azure, found: Mapping) -> Iterator[tuple[str, list[str]]]:
    tier = found["sku"]["tier"]
    if tier.lower() != azure.cluster.tier:
        yield f"is {tier}, not {azure.cluster.tier}", ["--tier", azure.cluster.tier]
    if not _on(found, "oidcIssuerProfile"):
        yield "has no OIDC issuer", ["--enable-oidc-issuer"]
    if not _on(found, "securityProfile", "workloadIdentity"):
        yield "has no workload identity", ["--enable-workload-identity"]
    entra = found.get("aadProfile") or {}
    if not entra:
        yield "does not know Entra ID", ["--enable-aad"]
    if not entra.get("enableAzureRbac"):
        yield "does not ask Azure who may do what", ["--enable-azure-rbac"]
    if not found.get("disableLocalAccounts"):
        yield "has local accounts", ["--disable-local-accounts"]


def _fixed(azure: Azure, found: Mapping) -> Iterator[str]:
    """What differs and cannot be changed in place."""
    if found["location"] != azure.location:
        yield f"is in {found['location']}, not in {azure.location}"
    private = bool((found.get("apiServerAccessProfile") or {}).get("enablePrivateCluster"))
    if private != (azure.cluster.access == "private"):
        yield f"is {'private' if private else 'public'}, not {azure.cluster.access}"
    size = found["agentPoolProfiles"][0]["vmSize"]
    if size.lower() != azure.cluster.node_size.lower():
        yield f"has nodes of size {size}, not {azure.cluster.node_size}"


def _on(found: Mapping, *path: str) -> bool:
    for key in path:
        found = found.get(key) or {}
    return bool(found.get("enabled"))
