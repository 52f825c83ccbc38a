"""The section `secrets` of invoke.yaml: Secrets that the manifests refer to and that git does not hold."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated

from aks_flow.core import names
from aks_flow.core.names import EMPTY

GENERATED, EXISTING, VAULT = "generated", "existing", "vault"
_LONGEST_VAULT_NAME = (
    127  # https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates
)


@dataclass(frozen=True)
class ProjectSecret:
    """A Secret of each environment's namespace, and who makes it.

    from_: ``generated`` (a delivery makes what is missing, at random), ``existing`` (somebody else makes it)
    or ``vault`` (Azure's Key Vault, where the target has one; generated elsewhere). component: the folder of
    the manifests' components/ that mounts the vault's volume, "" if the manifests do so themselves.
    """

    keys: tuple[names.SecretKey, ...]
    from_: Annotated[str, names.one_of(GENERATED, EXISTING, VAULT)]
    component: Annotated[names.Folder, EMPTY] = ""


def in_vault(environment: str, secret: str, key: str) -> str:
    """What a key of a Secret is called in the vault, whose names are letters, digits and '-'."""
    return re.sub("[^A-Za-z0-9]", "-", f"{environment}--{secret}--{key}")


def faults(secrets: Mapping[str, ProjectSecret], environments: Mapping) -> Iterator[tuple[str, str]]:
    """(path within the section, what is wrong)."""
    taken: dict[str, str] = {}
    for name, secret in secrets.items():
        if not secret.keys:
            yield f"{name}.keys", "must name at least one key"
        if secret.component and secret.from_ != VAULT:
            yield f"{name}.component", f"is for a Secret that is from: {VAULT}"
        if secret.from_ == VAULT:
            yield from _vault_faults(name, secret, environments, taken)


def _vault_faults(
    name: str, secret: ProjectSecret, environments: Mapping, taken: dict[str, str]
) -> Iterator[tuple[str, str]]:
    for called in (in_vault(environment, name, key) for environment in environments for key in secret.keys):
        if len(called) > _LONGEST_VAULT_NAME:
            yield name, f"is too long for a vault: {called}"
        if called in taken:
            yield f"{name}.keys", f"has a key that a vault cannot tell from one of {taken[called]}: {called}"
        taken[called] = name
