"""How Secrets come from the Key Vault into each namespace: objects for the Secrets Store driver.

They are an administrator's: who delivers may not say which secret of the vault a namespace gets. The driver
reads as the environment's own identity, by workload identity: the pod's ServiceAccount is what that trusts.
https://learn.microsoft.com/azure/aks/csi-secrets-store-identity-access
"""

from dataclasses import dataclass

import yaml

from aks_flow.azure.identity import access
from aks_flow.azure.plan import roles
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.core.config import Config
from aks_flow.core.config.secrets import ProjectSecret, in_vault
from aks_flow.core.errors import AksFlowError


def objects(config: Config, facts: AzureFacts) -> str:
    """A SecretProviderClass for each Secret in each namespace; AksFlowError if the cluster has no driver."""
    if not roles.addon(facts):
        what = "the cluster has no Secrets Store driver"
        raise AksFlowError(what, where="Azure", next_step="Run ./inv azure.up first.")
    tenant = facts.account["tenantId"]
    return yaml.safe_dump_all(
        _secret_class(
            _Vault(config.azure.vault, tenant, facts.identities[reader]["clientId"]),
            *(environment, config.environments_here[environment].namespace, name, secret),
        )
        for environment, reader in access.vault_readers(config).items()
        for name, secret in config.vault_secrets.items()
    )


@dataclass(frozen=True)
class _Vault:
    """client: the id of who reads."""

    vault: str
    tenant: str
    client: str


def _secret_class(place: _Vault, environment: str, namespace: str, name: str, secret: ProjectSecret) -> dict:
    """It is called as its Secret, which is made when the first pod mounts the volume."""
    keys = {in_vault(environment, name, key): key for key in secret.keys}
    entries = [yaml.safe_dump({"objectName": stored, "objectType": "secret"}) for stored in keys]
    return {
        "apiVersion": "secrets-store.csi.x-k8s.io/v1",
        "kind": "SecretProviderClass",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {
            "provider": "azure",
            "parameters": {
                "usePodIdentity": "false",
                "useVMManagedIdentity": "false",
                "clientID": place.client,
                "keyvaultName": place.vault,
                "tenantId": place.tenant,
                "objects": yaml.safe_dump({"array": entries}),
            },
            "secretObjects": [
                {
                    "secretName": name,
                    "type": "Opaque",
                    "data": [{"objectName": stored, "key": key} for stored, key in keys.items()],
                }
            ],
        },
    }
