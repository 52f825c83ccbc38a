"""A subscription that has all that the configuration wants, as az shows it (only the fields that count)."""

from aks_flow.azure.identity import access
from aks_flow.azure.plan.facts import AzureFacts
from aks_flow.azure.plan.plan import EXTENSIONS, PROVIDERS, TAGS, VAULTS
from aks_flow.tools.az import AUDIENCE
from aks_flow.tools.az.identity import ISSUER

ID = "11111111-2222-3333-4444-555555555555"
KUBELET, ADDON = "kubelet-object", "addon-object"
CLUSTER_ISSUER = "https://westeurope.oic.prod-aks.azure.com/tenant/cluster/"


def complete(config) -> AzureFacts:
    azure = config.azure
    own, readers = access.identities(config), access.vault_readers(config)
    identities = {name: identity(name) for name in (*own.values(), *readers.values())}
    trusted = {name: [credential(environment)] for environment, name in own.items()}
    trusted |= {name: [account(environment)] for environment, name in readers.items()}
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
        credentials=trusted,
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


def identity(name: str) -> dict:
    ids = {"principalId": f"object-{name}", "clientId": f"client-{name}"}
    return {"name": name, **ids, "tags": dict(TAGS)}


def cluster(azure) -> dict:
    return {
        "location": azure.location,
        "provisioningState": "Succeeded",
        "sku": {"name": "Base", "tier": "Free"},
        "oidcIssuerProfile": {"enabled": True, "issuerUrl": CLUSTER_ISSUER},
        "securityProfile": {"workloadIdentity": {"enabled": True}},
        "aadProfile": {"managed": True, "enableAzureRbac": True},
        "disableLocalAccounts": True,
        "apiServerAccessProfile": None,
        "autoUpgradeProfile": {"upgradeChannel": "patch", "nodeOsUpgradeChannel": "NodeImage"},
        "currentKubernetesVersion": "1.34.5",
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
    own = {"objectId": ADDON, "clientId": "addon-client"}
    return {"azureKeyvaultSecretsProvider": {"enabled": True, "identity": own}}


def vault(config) -> dict:
    names = frozenset(
        name for environment in config.environments_here for name in access.secret_names(config, environment)
    )
    about = {"id": access.vault_id(config.azure, ID), "properties": {"enableRbacAuthorization": True}}
    return {"vault": about, "secrets": names}


def credential(environment: str, **instead) -> dict:
    subject = f"repo:Octo/vote:environment:{environment}"
    return {"name": "github", "subject": subject, "issuer": ISSUER, "audiences": [AUDIENCE], **instead}


def account(environment: str, name: str = "default") -> dict:
    """The credential for a ServiceAccount of an environment's namespace."""
    subject = f"system:serviceaccount:vote-{environment}:{name}"
    about = {"name": f"account-{name}", "subject": subject, "issuer": CLUSTER_ISSUER}
    return {**about, "audiences": [AUDIENCE]}


def assignments(config):
    for number, grant in enumerate(access.grants(config, ID)):
        own = {access.KUBELET: KUBELET}
        who = grant.who if grant.kind else own.get(grant.who, f"object-{grant.who}")
        yield assignment(who, grant.role, grant.scope, number)


def assignment(who: str, role: str, scope: str, number: int = 0) -> dict:
    key = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{number}"
    return {"id": key, "principalId": who, "roleDefinitionName": role, "scope": scope}
