"""Kubernetes' own kinds, as far as the rules need to know them: a kind is one of its group only."""

CLUSTER_SCOPED = {
    "": {"ComponentStatus", "Namespace", "Node", "PersistentVolume"},
    "admissionregistration.k8s.io": {
        "MutatingAdmissionPolicy",
        "MutatingAdmissionPolicyBinding",
        "MutatingWebhookConfiguration",
        "ValidatingAdmissionPolicy",
        "ValidatingAdmissionPolicyBinding",
        "ValidatingWebhookConfiguration",
    },
    "apiextensions.k8s.io": {"CustomResourceDefinition"},
    "apiregistration.k8s.io": {"APIService"},
    "certificates.k8s.io": {"CertificateSigningRequest"},
    "flowcontrol.apiserver.k8s.io": {"FlowSchema", "PriorityLevelConfiguration"},
    "networking.k8s.io": {"IPAddress", "IngressClass", "ServiceCIDR"},
    "node.k8s.io": {"RuntimeClass"},
    "rbac.authorization.k8s.io": {"ClusterRole", "ClusterRoleBinding"},
    "resource.k8s.io": {"DeviceClass", "ResourceSlice"},
    "scheduling.k8s.io": {"PriorityClass"},
    "storage.k8s.io": {"CSIDriver", "CSINode", "StorageClass", "VolumeAttributesClass", "VolumeAttachment"},
}

NAMESPACED = {
    "": {
        "ConfigMap",
        "Endpoints",
        "LimitRange",
        "PersistentVolumeClaim",
        "Pod",
        "PodTemplate",
        "ReplicationController",
        "ResourceQuota",
        "Secret",
        "Service",
        "ServiceAccount",
    },
    "apps": {"ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"},
    "autoscaling": {"HorizontalPodAutoscaler"},
    "batch": {"CronJob", "Job"},
    "coordination.k8s.io": {"Lease"},
    "discovery.k8s.io": {"EndpointSlice"},
    "networking.k8s.io": {"Ingress", "NetworkPolicy"},
    "policy": {"PodDisruptionBudget"},
    "rbac.authorization.k8s.io": {"Role", "RoleBinding"},
    "resource.k8s.io": {"ResourceClaim", "ResourceClaimTemplate"},
    "storage.k8s.io": {"CSIStorageCapacity"},
}

# Kinds of others that the rules read.
CUSTOM = {
    "argoproj.io": {"Rollout"},
    "bitnami.com": {"SealedSecret"},
    "cert-manager.io": {"Certificate"},
    "external-secrets.io": {"ExternalSecret"},
    "gateway.networking.k8s.io": {"GRPCRoute", "Gateway", "HTTPRoute", "TCPRoute", "TLSRoute", "UDPRoute"},
    "keda.sh": {"ScaledObject"},
    "secrets-store.csi.x-k8s.io": {"SecretProviderClass"},
}

_GROUP = {
    kind: group
    for kinds in (CLUSTER_SCOPED, NAMESPACED, CUSTOM)
    for group, names in kinds.items()
    for kind in names
}


def group_of(api_version: str) -> str:
    """``apps`` of ``apps/v1``, "" of ``v1``."""
    return api_version.rpartition("/")[0]


def is_of(api_version: str, kind: str) -> bool:
    """Whether it is the kind that has this name here, and not another group's namesake."""
    return _GROUP.get(kind) == group_of(api_version)


def is_namespaced(api_version: str, kind: str) -> bool | None:
    """None if that is not known here: a custom kind."""
    group = group_of(api_version)
    if kind in CLUSTER_SCOPED.get(group, ()):
        return False
    return True if kind in NAMESPACED.get(group, ()) else None


def is_of_the_cluster(item: dict) -> bool:
    """Whether an object is in no namespace.

    A kind that is not known counts by whether the object names a namespace: kustomize gives one to all.
    """
    known = is_namespaced(item["apiVersion"], item["kind"])
    return not item["metadata"].get("namespace") if known is None else not known
