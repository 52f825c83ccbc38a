"""az: the container registry, made and changed."""

from collections.abc import Mapping

from aks_flow.core.command import Command, flags
from aks_flow.core.config.azure import AzureSettings
from aks_flow.tools.az import Az, tagged
from aks_flow.tools.az.acr import named, there


def check_name(az: Az, name: str) -> Command:
    """Whether the name is free: in all of Azure, not only here."""
    return az.command("acr", "check-name", *flags(name=name), reads=True)


def create(az: Az, azure: AzureSettings, tags: Mapping[str, str]) -> Command:
    """One where AcrPull and AcrPush count: not by repository, as Azure makes them unasked one day.

    https://learn.microsoft.com/azure/container-registry/container-registry-rbac-abac-repository-permissions
    """
    words = flags(location=azure.location, sku=azure.registry.sku, admin_enabled="false")
    words += flags(role_assignment_mode="rbac")
    return there(az, azure).command("acr", "create", *named(azure), *words, *tagged(tags))


def update(az: Az, azure: AzureSettings, *options: str) -> Command:
    return there(az, azure).command("acr", "update", *named(azure), *options)
