"""Tokens of the cluster's ServiceAccounts, which its node gets for the Secrets Store driver.

In Kubernetes the API server issues them (TokenRequest), and a CSIDriver asks for them (tokenRequests). The
rehearsal's issues none: here they come from who knows the cluster's OIDC issuer.
"""

from aiohttp import web

from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources.clusters import the_cluster
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.kubernetes.kubelet.volumes.vault_access import TOKENS

AUDIENCE = "api://AzureADTokenExchange"
_LIFETIME = 3600  # seconds


class ServiceAccountTokens:
    """The endpoint for the node, which shows its secret."""

    def __init__(self, cloud: Cloud):
        self._cloud = cloud

    def routes(self) -> list[web.RouteDef]:
        return [web.post(TOKENS, self.token)]

    async def token(self, request: web.Request) -> web.Response:
        if not self._cloud.seed.is_node(request.headers.get("X-IDENTITY-HEADER", "")):
            return web.json_response({"message": "the identity header is wrong"}, status=401)
        cluster = the_cluster(self._cloud)
        if not cluster or not has_workload_identity(cluster):
            return web.json_response({"message": "the cluster has no workload identity"}, status=404)
        form = await request.post()
        namespace, account = str(form.get("namespace", "")), str(form.get("account", ""))
        return web.json_response({"token": token(self._cloud, cluster, namespace, account)})


def has_workload_identity(cluster: Document) -> bool:
    profile = cluster["properties"].get("securityProfile") or {}
    return bool((profile.get("workloadIdentity") or {}).get("enabled"))


def token(cloud: Cloud, cluster: Document, namespace: str, account: str) -> str:
    """What the ServiceAccount shows to Entra. Without an OIDC issuer it names an address nobody trusts."""
    settings, now = cluster["properties"], int(cloud.now())
    issuer = (settings.get("oidcIssuerProfile") or {}).get("issuerURL") or f"https://{settings['fqdn']}"
    about = {"iss": issuer, "aud": AUDIENCE, "sub": f"system:serviceaccount:{namespace}:{account}"}
    return cloud.signer.sign({**about, "iat": now, "nbf": now, "exp": now + _LIFETIME})
