"""az: the Key Vault and the names of its secrets. A value goes in by standard input and never comes out."""

import json
from collections.abc import Mapping

from aks_flow.core.command import Command, Secret, flags
from aks_flow.core.config.azure import AzureSettings
from aks_flow.tools.az import FOUND_OR_NOT, Az, tagged

_STDIN = "/dev/stdin"
KEPT = 7  # days for which a removed vault can be recovered: the fewest that Azure takes
VERSION = "2026-02-01"  # of the API Microsoft.KeyVault/vaults
_ROLES = flags(enable_rbac_authorization="true")


def show(az: Az, azure: AzureSettings) -> Command:
    return az.command("keyvault", "show", *_name(azure), reads=True, ok=FOUND_OR_NOT)


def deleted(az: Az) -> Command:
    """The vaults of the subscription that are removed and can be recovered: they keep their names."""
    return az.command("keyvault", "list-deleted", *flags(resource_type="vault"), reads=True)


def check_name(az: Az, subscription: str, name: str) -> Command:
    """Whether the name is free in all of Azure. `az keyvault check-name` knows managed HSMs alone."""
    provider = f"/subscriptions/{subscription}/providers/Microsoft.KeyVault"
    url = f"{provider}/checkNameAvailability?api-version={VERSION}"
    whole = json.dumps({"name": name, "type": "Microsoft.KeyVault/vaults"}, separators=(",", ":"))
    return az.command("rest", *flags(method="post", url=url, body=whole), reads=True)


def create(az: Az, azure: AzureSettings, tags: Mapping[str, str]) -> Command:
    words = (*flags(location=azure.location), *_ROLES, *flags(retention_days=KEPT))
    return az.command("keyvault", "create", *_name(azure), *words, *tagged(tags))


def recover(az: Az, azure: AzureSettings) -> Command:
    return az.command("keyvault", "recover", *_name(azure), *flags(location=azure.location))


def ask_roles(az: Az, azure: AzureSettings) -> Command:
    """Let Azure's roles say who may read a secret, not the vault's own list."""
    return az.command("keyvault", "update", *_name(azure), *_ROLES)


def secrets(az: Az, azure: AzureSettings) -> Command:
    """The secrets' names and states, no values."""
    return az.command("keyvault", "secret", "list", *flags(vault_name=azure.vault), reads=True)


def set_secret(az: Az, azure: AzureSettings, name: str, value: Secret) -> Command:
    """az would answer with the value: it is told to say nothing."""
    words = (*flags(vault_name=azure.vault, name=name, file=_STDIN), *az.chosen, *flags(output="none"))
    return az.bare("keyvault", "secret", "set", *words, stdin=value)


def _name(azure: AzureSettings) -> tuple[str, ...]:
    return flags(name=azure.vault, resource_group=azure.group)
