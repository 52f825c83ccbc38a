"""How Redis's password comes from the Key Vault into each namespace: objects for the Secrets Store driver.

They are an administrator's: who delivers may not say which secret of the vault a namespace gets.
https://learn.microsoft.com/azure/aks/csi-secrets-store-identity-access
"""

import yaml

from aks_flow.azure.identity import access
from aks_flow.azure.plan import roles
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.core.config import Config
from aks_flow.core.errors import AksFlowError
from aks_flow.rollout import redis_password


def objects(config: Config, facts: AzureFacts) -> str:
    """A SecretProviderClass in each environment's namespace; AksFlowError if the cluster has no driver."""
    client = roles.nodes_own(facts, access.DRIVER).get("clientId", "")
    if not client:
        what = "the cluster has no Secrets Store driver"
        raise AksFlowError(what, where="Azure", next_step="Run ./inv azure.up first.")
    return yaml.safe_dump_all(
        {
            "apiVersion": "secrets-store.csi.x-k8s.io/v1",
            "kind": "SecretProviderClass",
            "metadata": {"name": redis_password.SECRET, "namespace": environment.namespace},
            "spec": _spec(config.azure.vault, facts.account["tenantId"], client, access.secret_name(name)),
        }
        for name, environment in config.environments_here.items()
    )


def _spec(vault: str, tenant: str, client: str, secret: str) -> dict:
    """client: the driver's identity. The Secret is made when the first pod mounts the volume."""
    entry = yaml.safe_dump({"objectName": secret, "objectType": "secret"})
    return {
        "provider": "azure",
        "parameters": {
            "useVMManagedIdentity": "true",
            "userAssignedIdentityID": client,
            "keyvaultName": vault,
            "tenantId": tenant,
            "objects": yaml.safe_dump({"array": [entry]}),
        },
        "secretObjects": [
            {
                "secretName": redis_password.SECRET,
                "type": "Opaque",
                "data": [{"objectName": secret, "key": redis_password.KEY}],
            }
        ],
    }
