"""A subscription that has all that the configuration wants, as az shows it (only the fields that count)."""

from aks_flow.azure.identity import access
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.plan import EXTENSIONS, PROVIDERS, TAGS, VAULTS
from aks_flow.tools.az.identity import AUDIENCE, ISSUER

ID = "11111111-2222-3333-4444-555555555555"
KUBELET, DRIVER = "kubelet-object", "driver-object"


def complete(config) -> AzureFacts:
    azure = config.azure
    own = access.identities(config)
    identities = {
        name: {"name": name, "principalId": f"object-{name}", "tags": dict(TAGS)} for name in own.values()
    }
    return AzureFacts(
        providers=frozenset(name.lower() for name in (*PROVIDERS, EXTENSIONS, VAULTS)),
        account={"id": ID, "name": "Sandbox", "tenantId": "tenant"},
        group={
            **{"location": azure.location, "tags": dict(TAGS)},
            "properties": {"provisioningState": "Succeeded"},
        },
        registry={
            "provisioningState": "Succeeded",
            "sku": {"name": azure.registry.sku},
            "adminUserEnabled": False,
        },
        cluster=cluster(azure),
        identities=identities,
        credentials={name: [credential(environment)] for environment, name in own.items()},
        assignments=tuple(assignments(config)),
        **(vault(config) if azure.vault else {}),
        resources=(
            {
                "name": azure.cluster.name,
                "id": f"/x/{azure.cluster.name}",
                "type": "Microsoft.ContainerService/managedClusters",
                "provisioningState": "Succeeded",
            },
        ),
    )


def cluster(azure) -> dict:
    return {
        "location": azure.location,
        "provisioningState": "Succeeded",
        "sku": {"name": "Base", "tier": "Free"},
        "oidcIssuerProfile": {"enabled": True},
        "securityProfile": {"workloadIdentity": {"enabled": True}},
        "aadProfile": {"managed": True, "enableAzureRbac": True},
        "disableLocalAccounts": True,
        "apiServerAccessProfile": None,
        "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOsUpgradeChannel": "NodeImage"},
        "currentKubernetesVersion": "1.33.5",
        "addonProfiles": _driver() if azure.vault else None,
        "identityProfile": {"kubeletidentity": {"objectId": KUBELET}},
        "agentPoolProfiles": [
            {
                **{"enableAutoScaling": True, "minCount": 2, "maxCount": 3},
                **{"count": 2, "vmSize": azure.cluster.node_size},
            }
        ],
    }


def _driver() -> dict:
    identity = {"objectId": DRIVER, "clientId": "driver-client"}
    return {"azureKeyvaultSecretsProvider": {"enabled": True, "identity": identity}}


def vault(config) -> dict:
    names = frozenset(access.secret_names(config))
    return {"vault": {"properties": {"enableRbacAuthorization": True}}, "secrets": names}


def credential(environment: str, **instead) -> dict:
    subject = f"repo:Octo/vote:environment:{environment}"
    return {"name": "github", "subject": subject, "issuer": ISSUER, "audiences": [AUDIENCE], **instead}


def assignments(config):
    for number, grant in enumerate(access.grants(config, ID)):
        own = {access.KUBELET: KUBELET, access.DRIVER: DRIVER}
        who = grant.who if grant.kind else own.get(grant.who, f"object-{grant.who}")
        yield assignment(who, grant.role, grant.scope, number)


def assignment(who: str, role: str, scope: str, number: int = 0) -> dict:
    key = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{number}"
    return {"id": key, "principalId": who, "roleDefinitionName": role, "scope": scope}
