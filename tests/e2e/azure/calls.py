"""One call of every function in tools/az that builds an az argument list, in an order that works."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

from aks_flow.azure.identity import access
from aks_flow.azure.plan import invoke_role
from aks_flow.core.command import Command, Secret
from aks_flow.core.config import Config
from aks_flow.core.config.azure import AzureSettings
from aks_flow.core.image_ref import ImageRef
from aks_flow.rehearsal.standins.azure.aks.api_server_proxy import SERVER_APP
from aks_flow.tools.az import (
    Az,
    account,
    acr,
    acr_registry,
    aks,
    aks_cluster,
    compute,
    extension,
    group,
    identity,
    keyvault,
    role,
)
from aks_flow.tools.docker import ImageBuild

MODULES = (account, group, acr, acr_registry, aks, aks_cluster, compute, identity, extension, keyvault, role)
TAGS = {"managed-by": "aks-flow"}
NOT_RUN = {account.login_person: "opens a browser, and only a person can end it"}
SPARE = "spare"
_ENTRA = ("--enable-workload-identity", "--enable-azure-rbac", "--disable-local-accounts")
_ASSIGNMENTS = "Microsoft.Authorization/roleAssignments"


def builders() -> set[Callable]:
    """Every public function that gives an az command."""
    return {
        function
        for module in MODULES
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and not name.startswith("_")
        and "az" in inspect.signature(function).parameters
        and inspect.signature(function).return_annotation is Command
    }


def name(function: Callable) -> str:
    return f"{function.__module__.rpartition('.')[2]}.{function.__name__}"


def calls(
    az: Az, config: Config, token: Secret, client: str, principal: str, folder: Path, original: ImageRef
) -> Iterator[partial]:
    """``config.azure.group`` has everything; what is made here more goes again. original: to be imported."""
    yield from _groups(az, config.azure)
    yield from _registries(az, config.azure, folder, original)
    yield from _clusters(az, config.azure, folder)
    yield from _identities(az, config.azure, principal)
    yield from _vaults(az, config.azure)
    yield partial(account.show, az)
    yield partial(account.token_for_kubectl, az, SERVER_APP)
    yield partial(account.choose, az)
    yield partial(account.clear, az)
    yield partial(account.login_job, az, client, config.azure.tenant, token)


def _groups(az: Az, azure: AzureSettings) -> Iterator[partial]:
    yield partial(group.show, az, azure.group)
    yield partial(group.create, az, SPARE, azure.location, TAGS)
    yield partial(group.delete, az, SPARE)
    yield partial(group.wait_deleted, az, SPARE, 60)
    yield partial(group.resources, az, azure.group)
    yield partial(group.providers, az)
    yield partial(group.register, az, "Microsoft.KubernetesConfiguration")
    yield partial(group.wait_registered, az, "Microsoft.KubernetesConfiguration")


def _registries(az: Az, azure: AzureSettings, folder: Path, original: ImageRef) -> Iterator[partial]:
    copy = ImageRef("x.azurecr.io", f"{azure.registry.name}/{original.repository}", original.tag)
    yield partial(acr_registry.check_name, az, "spare000")
    yield partial(acr_registry.create, az, azure, TAGS)
    yield partial(acr.show, az, azure)
    yield partial(acr_registry.update, az, azure, "--sku", "Basic", "--admin-enabled", "false")
    yield partial(acr.token, az, azure)
    yield partial(acr.bring, az, azure, original, copy)
    yield partial(acr.build, az, azure, ImageBuild(copy.with_tag("built"), b"", {"A": "b"}), folder)


def _clusters(az: Az, azure: AzureSettings, folder: Path) -> Iterator[partial]:
    spare = replace(azure, cluster=replace(azure.cluster, name=SPARE), vault="")
    cluster_id = access.cluster_id(azure, azure.subscription)
    yield partial(group.wait_registered, az, "Microsoft.Compute")
    yield partial(compute.sizes, az, azure.location, azure.cluster.vm_size)
    yield partial(compute.usage, az, azure.location)
    limited = replace(azure, cluster=replace(azure.cluster, allowed=("8.8.8.8",), version="1.36"))
    yield partial(aks_cluster.create, az, spare, TAGS, ("1", "2"))
    yield partial(aks_cluster.enable_secrets, az, spare)
    yield partial(aks.show, az, azure)
    for tier in ("premium", "free"):
        tiered = replace(azure, cluster=replace(azure.cluster, tier=tier))
        yield partial(aks_cluster.update, az, azure, *aks_cluster.tier(tiered))
    yield partial(aks_cluster.update, az, azure, "--enable-oidc-issuer", *_ENTRA)
    yield partial(aks_cluster.update, az, azure, *aks_cluster.allow(limited), "--auto-upgrade-channel=patch")
    yield partial(aks_cluster.update, az, azure, *aks_cluster.allow(azure))
    yield partial(aks_cluster.update, az, azure, *aks_cluster.GATEWAY)
    yield partial(aks_cluster.upgrade, az, limited, limited.cluster.version)
    yield partial(aks_cluster.start, az, azure)
    yield partial(aks_cluster.resize, az, azure, "--enable-cluster-autoscaler")
    yield partial(aks_cluster.resize, az, azure, "--update-cluster-autoscaler")
    yield partial(aks_cluster.wait, az, azure, "--updated", 60)
    yield partial(aks.credentials, az, azure, folder / "kubeconfig")
    yield partial(aks.invoke, az, azure, "kubectl version", [folder / "Dockerfile"])
    yield partial(aks.invoked, az, azure, "0" * 32)
    yield partial(extension.create, az, cluster_id, "argocd", 2)
    yield partial(extension.show, az, cluster_id)
    yield partial(extension.wait, az, cluster_id, 1)


def _vaults(az: Az, azure: AzureSettings) -> Iterator[partial]:
    yield partial(group.wait_registered, az, "Microsoft.KeyVault")
    yield partial(keyvault.check_name, az, azure.subscription, azure.vault)
    yield partial(keyvault.create, az, azure, TAGS)
    yield partial(keyvault.show, az, azure)
    yield partial(keyvault.ask_roles, az, azure)
    yield partial(keyvault.secrets, az, azure)
    yield partial(keyvault.set_secret, az, azure, SPARE, Secret("opensesame"))
    yield partial(keyvault.deleted, az)
    yield partial(keyvault.recover, az, azure)


def _identities(az: Az, azure: AzureSettings, principal: str) -> Iterator[partial]:
    scope = f"{access.cluster_id(azure, azure.subscription)}/namespaces/{SPARE}"
    registry_id = access.registry_id(azure, azure.subscription)
    yield partial(identity.create, az, azure.group, SPARE, azure.location, TAGS)
    yield partial(identity.all_of, az, azure.group)
    yield partial(identity.assign, az, access.READ, principal, "ServicePrincipal", scope)
    yield partial(identity.assignments, az)
    yield partial(identity.unassign, az, f"{registry_id}/providers/{_ASSIGNMENTS}/0")
    yield partial(role.create, az, SPARE, "for a try", invoke_role.ACTIONS, azure.subscription)
    yield partial(role.own, az, SPARE)
    yield partial(role.delete, az, SPARE)
    # By now Entra ID knows the identity: each call takes az half a second or more.
    yield partial(identity.trust, az, azure.group, SPARE, "github", "repo:O/n:environment:e", identity.ISSUER)
    yield partial(identity.credentials, az, azure.group, SPARE)
    yield partial(identity.distrust, az, azure.group, SPARE, "github")
    yield partial(identity.delete, az, azure.group, SPARE)
