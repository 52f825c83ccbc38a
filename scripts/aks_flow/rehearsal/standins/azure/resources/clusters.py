"""AKS clusters: whatever is asked for, each leads to the rehearsal's one cluster."""

import uuid
from collections.abc import Mapping
from functools import partial

from aks_flow.rehearsal.standins.azure.aks import addons, kubernetes_versions
from aks_flow.rehearsal.standins.azure.arm import operations
from aks_flow.rehearsal.standins.azure.arm.call import RESOURCE, Answer, Call
from aks_flow.rehearsal.standins.azure.arm.errors import ArmError, invalid, no_resource
from aks_flow.rehearsal.standins.azure.arm.resource_type import ResourceType, in_lower_case
from aks_flow.rehearsal.standins.azure.cloud import Cloud
from aks_flow.rehearsal.standins.azure.resources import compute, identities
from aks_flow.rehearsal.standins.azure.resources.providers import need_registered
from aks_flow.rehearsal.standins.azure.store import Document

CLUSTERS = "Microsoft.ContainerService/managedClusters"
_SHOWN = "Microsoft.ContainerService/ManagedClusters"  # the type's name in its own answers
_RUNNING, _STOPPED = "Running", "Stopped"  # the power state
_LONGEST_GROUP = 80
_PARTS = ("Microsoft.Compute", "Microsoft.Network", "Microsoft.Storage")  # whose resources it is made of


class ManagedCluster(ResourceType):
    """Its nodes' resource group, with the kubelet's identity in it, comes and goes with it."""

    type = CLUSTERS
    slow = True

    def view(self, cloud: Cloud, resource: Document) -> Document:
        """As AKS itself shows it; the nodes' identity is told of once they are there."""
        properties = resource["properties"]
        hidden = () if properties.get("addonProfiles") else ("addonProfiles",)
        hidden += ("identityProfile",) if properties["provisioningState"] == "Creating" else ()
        return {**in_lower_case(resource, *hidden), "type": _SHOWN, "kind": "Base"}

    def polling(self, call: Call, operation: Document) -> Mapping[str, str]:
        wanted = (operations.ASYNC,) if call.method == "PUT" else ()
        return operations.headers(call, operation, *wanted)

    def put(self, call: Call) -> Answer:
        if call.resource and is_stopped(call.resource):
            raise _refused(call.resource, "updating")
        return super().put(call)

    def shape(self, call: Call, body: Document, old: Document | None) -> Document:
        need_registered(call, *() if old else _PARTS)
        requested, before = body.get("properties") or {}, (old or {}).get("properties") or {}
        _check(requested, before)
        _check_tier(body, old, requested.get("supportPlan") or before.get("supportPlan"))
        asked = {key: value for key, value in requested.items() if value not in (None, "")}
        settings = {**_new(call, body), **before, **asked}
        settings["currentKubernetesVersion"] = _runs(call, settings, before)
        version, pools = settings["kubernetesVersion"], settings["agentPoolProfiles"]
        settings["agentPoolProfiles"] = [_pool(profile, version) for profile in pools]
        if not old:
            for pool in settings["agentPoolProfiles"]:
                compute.need_room(call.cloud, pool, self._location(body, old))
        settings["networkProfile"] = _network(settings.get("networkProfile") or {})
        _switch(call, settings)
        if "identityProfile" not in before:
            settings["identityProfile"] = _kubelet(call, settings["nodeResourceGroup"], body)
        addons.switch(call, settings)
        return settings

    def make(self, call: Call, body: Document, old: Document | None) -> Document:
        made = super().make(call, body, old)
        sku = body.get("sku") or (old or {}).get("sku") or {}
        made["sku"] = {"name": sku.get("name") or "Base", "tier": sku.get("tier") or "Free"}
        made["identity"] = (old or {}).get("identity") or _own_identity(call)
        return call.cloud.store.put(RESOURCE, made["id"], made)

    def patch(self, call: Call) -> Answer:
        """Tags only, as in Azure."""
        old = self.need(call)
        old["tags"] = call.body.get("tags") or {}
        return Answer(call.cloud.store.put(RESOURCE, old["id"], old))


def the_cluster(cloud: Cloud, path: str = "") -> Document | None:
    """The cluster with a resource id, or the first that there is."""
    clusters = [cluster for cluster in cloud.store.all(RESOURCE) if cluster["type"] == CLUSTERS]
    return next((cluster for cluster in clusters if path.lower() in ("", cluster["id"].lower())), None)


def kubelet(cloud: Cloud) -> str:
    """The object id of the node's identity; "" while there is no cluster."""
    cluster = the_cluster(cloud)
    return cluster["properties"]["identityProfile"]["kubeletidentity"]["objectId"] if cluster else ""


def is_stopped(cluster: Document) -> bool:
    return _power(cluster) == _STOPPED


def _check(requested: Document, before: Document) -> None:
    pools = requested.get("agentPoolProfiles") or before.get("agentPoolProfiles")
    if not pools:
        raise invalid("The managed cluster needs at least one agent pool.", "InvalidParameter")
    entra = requested.get("aadProfile") or before.get("aadProfile")
    if requested.get("disableLocalAccounts") and not entra:
        message = "Disabling local accounts is only supported on clusters with AAD integration enabled."
        raise invalid(message, "BadRequest")
    private = _private(requested)
    if before and private is not None and private != bool(_private(before)):
        message = "Changing property 'apiServerAccessProfile.enablePrivateCluster' is not allowed."
        raise ArmError(400, "PropertyChangeNotAllowed", message)


def _check_tier(body: Document, old: Document | None, plan: str | None) -> None:
    """Premium is long-term support, and that is premium."""
    tier = (body.get("sku") or (old or {}).get("sku") or {}).get("tier") or "Free"
    if (tier == "Premium") != (plan == "AKSLongTermSupport"):
        message = "Tier Premium and support plan AKSLongTermSupport are only supported with each other."
        raise invalid(message, "InvalidParameter")


def _runs(call: Call, settings: Document, before: Document) -> str:
    """The version that it runs afterwards; ArmError if it cannot be that one."""
    wanted = settings["kubernetesVersion"]
    if before:
        return kubernetes_versions.upgraded(before["currentKubernetesVersion"], wanted)
    long_term = settings["supportPlan"] == "AKSLongTermSupport"
    kubernetes_versions.check_new(call.path.name, wanted, long_term)
    return kubernetes_versions.newest(wanted)


def _private(settings: Document) -> bool | None:
    return (settings.get("apiServerAccessProfile") or {}).get("enablePrivateCluster")


def _nodes_group(name: str) -> str:
    """ArmError for a name that is too long."""
    if len(name) > _LONGEST_GROUP:
        message = "The length of the node resource group name is too long."
        length = f"The maximum length is {_LONGEST_GROUP} and the length of the value provided is {len(name)}"
        more = "Please see https://aka.ms/aks-naming-rules for more details."
        raise invalid(f"{message} {length}. {more}", "InvalidParameter")
    return name


def _new(call: Call, body: Document) -> Document:
    """What a new cluster gets where nothing is asked for."""
    path, mark = call.path, uuid.uuid4().hex[:8]
    location = (body.get("location") or "").replace(" ", "").lower()
    prefix = (body.get("properties") or {}).get("dnsPrefix") or path.name
    fqdn = f"{prefix}-{mark}.hcp.{location}.azmk8s.io"
    private = f"{prefix}-{mark}.{uuid.uuid4()}.privatelink.{location}.azmk8s.io"
    is_private = bool(_private(body.get("properties") or {}))
    return {
        "powerState": {"code": _RUNNING},
        "kubernetesVersion": kubernetes_versions.VERSION,
        **({"privateFQDN": private} if is_private else {}),
        **{"dnsPrefix": prefix, "fqdn": fqdn, "azurePortalFQDN": fqdn},
        "nodeResourceGroup": _nodes_group(f"MC_{path.group}_{path.name}_{location}"),
        "enableRBAC": True,
        "supportPlan": "KubernetesOfficial",
        "maxAgentPools": 100,
        "addonProfiles": {},
        "servicePrincipalProfile": {"clientId": "msi"},
        "disableLocalAccounts": False,
        **_profiles(),
    }


def _profiles() -> Document:
    """What is switched off or left to AKS where nothing is asked for."""
    on, off = {"enabled": True}, {"enabled": False}
    return {
        "autoUpgradeProfile": {"nodeOSUpgradeChannel": "NodeImage"},
        "securityProfile": {},
        "storageProfile": {"diskCSIDriver": on, "fileCSIDriver": on, "snapshotController": on},
        "oidcIssuerProfile": off,
        "workloadAutoScalerProfile": {},
        "resourceUID": uuid.uuid4().hex[:24],
        "metricsProfile": {"costAnalysis": off},
        "nodeProvisioningProfile": {"mode": "Manual", "defaultNodePools": "Auto"},
        "bootstrapProfile": {"artifactSource": "Direct"},
    }


def _pool(pool: Document, version: str) -> Document:
    """An agent pool with its defaults; its count within the autoscaler's bounds. version: the cluster's."""
    made = {**_POOL, **{key: value for key, value in pool.items() if value not in (None, "")}}
    if made.get("enableAutoScaling"):
        made["count"] = min(max(made.get("count") or 1, made["minCount"]), made["maxCount"])
    running = {"code": _RUNNING}
    version = made.get("orchestratorVersion") or version
    runs = kubernetes_versions.newest(version)
    versions = {"orchestratorVersion": version, "currentOrchestratorVersion": runs}
    return {**made, **versions, "provisioningState": "Succeeded", "powerState": running}


_POOL = {
    **{"type": "VirtualMachineScaleSets", "osType": "Linux", "osSKU": "Ubuntu", "mode": "System"},
    **{"vmSize": "Standard_D8ds_v4", "osDiskSizeGB": 128, "osDiskType": "Managed", "kubeletDiskType": "OS"},
    **{"maxPods": 250, "scaleDownMode": "Delete", "enableAutoScaling": False, "enableNodePublicIP": False},
    **{"enableEncryptionAtHost": False, "enableUltraSSD": False, "enableFIPS": False},
    "nodeImageVersion": "AKSUbuntu-2204gen2containerd-202509.18.0",
    "upgradeSettings": {"maxSurge": "10%", "maxUnavailable": "0"},
    "securityProfile": {"enableVTPM": False, "enableSecureBoot": False},
}


def _network(profile: Document) -> Document:
    services, pods = "10.0.0.0/16", "10.244.0.0/16"
    addresses = {"serviceCidr": services, "dnsServiceIP": "10.0.0.10", "podCidr": pods}
    addresses |= {"serviceCidrs": [services], "podCidrs": [pods], "ipFamilies": ["IPv4"]}
    kind = {"networkPlugin": "azure", "loadBalancerSku": "standard", "outboundType": "loadBalancer"}
    return {**kind, **addresses, **{key: value for key, value in profile.items() if value is not None}}


def _switch(call: Call, settings: Document) -> None:
    """What comes with a feature that is on."""
    issuer = settings.get("oidcIssuerProfile") or {}
    if issuer.get("enabled"):
        url = f"{call.cloud.url}/oidc/{call.cloud.seed.tenant}/{settings['resourceUID']}/"
        settings["oidcIssuerProfile"] = {"enabled": True, "issuerURL": url}
    if settings.get("aadProfile"):
        settings["aadProfile"] = {"tenantID": call.cloud.seed.tenant, **settings["aadProfile"]}


def _kubelet(call: Call, group: str, body: Document) -> Document:
    """The nodes' resource group and their identity, as resources of their own."""
    path, cloud, location = call.path, call.cloud, body.get("location") or "westeurope"
    root = f"/subscriptions/{path.subscription}/resourceGroups/{group}"
    made = {"location": location, "tags": {}, "properties": {"provisioningState": "Succeeded"}}
    about = {"id": root, "name": group, "type": "Microsoft.Resources/resourceGroups"}
    cloud.store.put(RESOURCE, root, {**made, **about, "managedBy": path.id})
    return {"kubeletidentity": identities.make(cloud, root, f"{path.name}-agentpool", location)}


def _own_identity(call: Call) -> Document:
    who = {"principalId": str(uuid.uuid4()), "tenantId": call.cloud.seed.tenant}
    return {"type": "SystemAssigned", **who}


def _power(cluster: Document) -> str:
    return cluster["properties"]["powerState"]["code"]


def _turn(call: Call, doing: str, power: str) -> Answer:
    """Begin to stop or start it: until the end its state says so. ArmError if it is so already."""
    cluster = call.resource
    if not cluster:
        raise no_resource(CLUSTERS, call.path.name, call.path.group)
    if _power(cluster) == power or operations.is_busy(call.cloud, call.path.id):
        raise _refused(cluster, doing)
    cluster["properties"] |= {"powerState": {"code": power}, "provisioningState": doing.capitalize()}
    call.cloud.store.put(RESOURCE, cluster["id"], cluster)
    operation = operations.begin(call, call.path.id, operations.SETTLE)
    return Answer(status=202, headers=operations.headers(call, operation))


def _refused(cluster: Document, doing: str) -> ArmError:
    state = f"({cluster['properties']['provisioningState']},{_power(cluster)})"
    return invalid(f"managed cluster is in {state} state, {doing} cannot be performed", "BadRequest")


RESOURCE_TYPES = (ManagedCluster(),)
ACTIONS = {
    f"{CLUSTERS}/stop": partial(_turn, doing="stopping", power=_STOPPED),
    f"{CLUSTERS}/start": partial(_turn, doing="starting", power=_RUNNING),
}
