"""Kubeconfigs: of the signed-in identity (Entra's token, by kubelogin) and of the cluster's own account."""

import base64
import json

from aks_flow.rehearsal.standins.azure.aks.front import SERVER_APP, local_token
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, no_resource
from aks_flow.rehearsal.standins.azure.resources.clusters import CLUSTERS
from aks_flow.rehearsal.standins.azure.store import Document
from aks_flow.rehearsal.standins.azure.world import World

CLIENT_APP = "80faf920-1908-4b52-b5ef-a8e7bedfc67a"  # kubelogin's own, for a person
_INSTALL = "kubelogin is not installed: https://azure.github.io/kubelogin"


def _user(call: Call) -> Answer:
    cluster = need_cluster(call)
    return _answer(call, cluster, "clusterUser", _entra(call.world) if _has_entra(cluster) else None)


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
    cluster = call.world.store.get(RESOURCE, call.place.id)
    if not cluster:
        raise no_resource(CLUSTERS, call.place.name, call.place.group)
    if cluster["properties"]["provisioningState"] == "Creating":
        raise ArmError(
            409, "OperationNotAllowed", "The cluster is being created: there are no credentials yet."
        )
    return cluster


def server(world: World, cluster: Document, inside: bool = False) -> str:
    """The API's address; a private cluster's own name, which nobody outside can resolve."""
    private = cluster["properties"].get("privateFQDN")
    if private and not inside:
        return f"https://{private.removesuffix('.io')}.invalid:443"
    return f"{world.url}/aks/{cluster['id'].split('/')[4]}/{cluster['name']}"


def kubeconfig(world: World, cluster: Document, user: str, login: Document, inside: bool = False) -> Document:
    """A kubeconfig with one context, which has the cluster's name as AKS's have."""
    authority = base64.b64encode((world.folder / "tls.crt").read_bytes()).decode()
    place = {"server": server(world, cluster, inside), "certificate-authority-data": authority}
    name, who = cluster["name"], f"{user}_{cluster['id'].split('/')[4]}_{cluster['name']}"
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": name, "cluster": place}],
        "users": [{"name": who, "user": login}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": who}}],
        "current-context": name,
        "preferences": {},
    }


def _answer(call: Call, cluster: Document, user: str, login: Document | None) -> Answer:
    login = login or {"token": local_token(call.world, cluster)}
    text = json.dumps(kubeconfig(call.world, cluster, user, login))
    return Answer({"kubeconfigs": [{"name": user, "value": base64.b64encode(text.encode()).decode()}]})


def _has_entra(cluster: Document) -> bool:
    return bool(cluster["properties"].get("aadProfile"))


def _entra(world: World) -> Document:
    apps = ("--server-id", SERVER_APP, "--client-id", CLIENT_APP, "--tenant-id", world.seed.tenant)
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


KINDS = ()
ACTIONS = {
    f"{CLUSTERS}/listClusterUserCredential": _user,
    f"{CLUSTERS}/listClusterAdminCredential": _admin,
}
