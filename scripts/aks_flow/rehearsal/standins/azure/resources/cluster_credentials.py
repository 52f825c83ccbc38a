"""Kubeconfigs: of the signed-in identity (Entra's token, by kubelogin) and of the cluster's own account."""

import base64
import json

from aks_flow.rehearsal.standins.azure.aks.api_server_proxy import SERVER_APP, local_token
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, no_resource
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources.clusters import CLUSTERS
from aks_flow.rehearsal.standins.azure.store import Document

CLIENT_APP = "80faf920-1908-4b52-b5ef-a8e7bedfc67a"  # kubelogin's own, for a person
_INSTALL = "kubelogin is not installed: https://azure.github.io/kubelogin"


def _user(call: Call) -> Answer:
    cluster = need_cluster(call)
    return _answer(call, cluster, "clusterUser", _entra(call.cloud) if _has_entra(cluster) else None)


def _admin(call: Call) -> Answer:
    cluster = need_cluster(call)
    if cluster["properties"].get("disableLocalAccounts"):
        message = (
            "Getting static credential is not allowed because this cluster is set to disable local accounts."
        )
        raise ArmError(400, "BadRequest", message)
    return _answer(call, cluster, "clusterAdmin", None)


def need_cluster(call: Call) -> Document:
    """The call's cluster; ArmError 404 if there is none, 409 while it is being made."""
    cluster = call.cloud.store.get(RESOURCE, call.path.id)
    if not cluster:
        raise no_resource(CLUSTERS, call.path.name, call.path.group)
    if cluster["properties"]["provisioningState"] == "Creating":
        raise ArmError(
            409, "OperationNotAllowed", "The cluster is being created: there are no credentials yet."
        )
    return cluster


def server(cloud: Cloud, cluster: Document, inside: bool) -> str:
    """The API's address; a private cluster's own name, which nobody outside can resolve."""
    private = cluster["properties"].get("privateFQDN")
    if private and not inside:
        return f"https://{private.removesuffix('.io')}.invalid:443"
    return f"{cloud.url}/aks/{cluster['id'].split('/')[4]}/{cluster['name']}"


def kubeconfig(cloud: Cloud, cluster: Document, user: str, login: Document, inside: bool = False) -> Document:
    """A kubeconfig with one context, which has the cluster's name as AKS's have."""
    authority = base64.b64encode((cloud.folder / "tls.crt").read_bytes()).decode()
    connection = {"server": server(cloud, cluster, inside), "certificate-authority-data": authority}
    name, who = cluster["name"], f"{user}_{cluster['id'].split('/')[4]}_{cluster['name']}"
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": connection}],
        "users": [{"name": who, "user": login}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": who}}],
        "current-context": name,
        "preferences": {},
    }


def _answer(call: Call, cluster: Document, user: str, login: Document | None) -> Answer:
    login = login or {"token": local_token(call.cloud, cluster)}
    text = json.dumps(kubeconfig(call.cloud, cluster, user, login))
    return Answer({"kubeconfigs": [{"name": user, "value": base64.b64encode(text.encode()).decode()}]})


def _has_entra(cluster: Document) -> bool:
    return bool(cluster["properties"].get("aadProfile"))


def _entra(cloud: Cloud) -> Document:
    apps = ("--server-id", SERVER_APP, "--client-id", CLIENT_APP, "--tenant-id", cloud.seed.tenant)
    return {
        "exec": {
            "apiVersion": "client.authentication.k8s.io/v1beta1",
            "command": "kubelogin",
            "args": ["get-token", "--environment", "AzurePublicCloud", *apps, "--login", "devicecode"],
            "env": None,
            "installHint": _INSTALL,
            "interactiveMode": "IfAvailable",
            "provideClusterInfo": False,
        }
    }


RESOURCE_TYPES = ()
ACTIONS = {
    f"{CLUSTERS}/listClusterUserCredential": _user,
    f"{CLUSTERS}/listClusterAdminCredential": _admin,
}
