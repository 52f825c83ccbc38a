"""The built-in kinds that the cluster serves, one constant each."""

from aks_flow.rehearsal.standins.kubernetes.apimachinery.kind import Kind, Kinds
from aks_flow.rehearsal.standins.kubernetes.kinds import idle_kinds


def _builtin(api_version: str, kind: str, plural: str, short_names: str = "", **rest) -> Kind:
    group, _, version = api_version.rpartition("/")
    return Kind(group, version, kind, plural, kind.lower(), tuple(short_names.split()), **rest)


_STATUS = {"subresources": ("status",)}
_SCALED = {"subresources": ("scale", "status"), "categories": ("all",)}
_SPEC = {"generation": "spec"}
_CLUSTER = {"namespaced": False}
_ALL = {"categories": ("all",)}

POD = _builtin(
    "v1", "Pod", "pods", "po", categories=("all",), generation="spec",
    subresources=(
        *("attach", "binding", "ephemeralcontainers", "eviction", "exec"),
        *("log", "portforward", "proxy", "status"),
    ),
)  # fmt: skip
BINDING = _builtin("v1", "Binding", "bindings")
COMPONENT_STATUS = _builtin(
    "v1", "ComponentStatus", "componentstatuses", "cs", **_CLUSTER,
    deprecation="v1 ComponentStatus is deprecated in v1.19+",
)  # fmt: skip
CONFIG_MAP = _builtin("v1", "ConfigMap", "configmaps", "cm")
ENDPOINTS = _builtin(
    "v1", "Endpoints", "endpoints", "ep",
    deprecation="v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice",
)  # fmt: skip
EVENT = _builtin("v1", "Event", "events", "ev")
LIMIT_RANGE = _builtin("v1", "LimitRange", "limitranges", "limits")
NAMESPACE = _builtin("v1", "Namespace", "namespaces", "ns", subresources=("finalize", "status"), **_CLUSTER)
NODE = _builtin("v1", "Node", "nodes", "no", **_STATUS, **_CLUSTER)
PERSISTENT_VOLUME = _builtin("v1", "PersistentVolume", "persistentvolumes", "pv", **_STATUS, **_CLUSTER)
PERSISTENT_VOLUME_CLAIM = _builtin("v1", "PersistentVolumeClaim", "persistentvolumeclaims", "pvc", **_STATUS)
POD_TEMPLATE = _builtin("v1", "PodTemplate", "podtemplates")
REPLICATION_CONTROLLER = _builtin(
    "v1", "ReplicationController", "replicationcontrollers", "rc", **_SCALED, **_SPEC,
    idle="no pods are made",
)  # fmt: skip
RESOURCE_QUOTA = _builtin("v1", "ResourceQuota", "resourcequotas", "quota", **_STATUS)
SECRET = _builtin("v1", "Secret", "secrets")
SERVICE = _builtin("v1", "Service", "services", "svc", subresources=("proxy", "status"), **_ALL)
SERVICE_ACCOUNT = _builtin("v1", "ServiceAccount", "serviceaccounts", "sa", subresources=("token",))

CONTROLLER_REVISION = _builtin("apps/v1", "ControllerRevision", "controllerrevisions")
DAEMON_SET = _builtin("apps/v1", "DaemonSet", "daemonsets", "ds", **_STATUS, **_SPEC, **_ALL)
DEPLOYMENT = _builtin(
    "apps/v1", "Deployment", "deployments", "deploy", generation="spec+annotations", **_SCALED
)
REPLICA_SET = _builtin("apps/v1", "ReplicaSet", "replicasets", "rs", **_SCALED, **_SPEC)
STATEFUL_SET = _builtin("apps/v1", "StatefulSet", "statefulsets", "sts", **_SCALED, **_SPEC)

JOB = _builtin("batch/v1", "Job", "jobs", **_STATUS, **_SPEC, **_ALL)
CRON_JOB = _builtin("batch/v1", "CronJob", "cronjobs", "cj", **_STATUS, **_SPEC, **_ALL)
HORIZONTAL_POD_AUTOSCALER = _builtin(
    "autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", **_STATUS, **_ALL
)
OLD_AUTOSCALER = _builtin(
    "autoscaling/v1", "HorizontalPodAutoscaler", "horizontalpodautoscalers", "hpa", **_STATUS, **_ALL
)
POD_DISRUPTION_BUDGET = _builtin(
    "policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", "pdb", **_STATUS, **_SPEC
)
INGRESS = _builtin(
    "networking.k8s.io/v1", "Ingress", "ingresses", "ing", **_STATUS, **_SPEC,
    otherwise="whatever their class, over plain HTTP on one port of 127.0.0.1, and without annotations",
)  # fmt: skip
INGRESS_CLASS = _builtin(
    "networking.k8s.io/v1", "IngressClass", "ingressclasses", **_SPEC, **_CLUSTER,
    idle="Ingresses are served whatever their class",
)  # fmt: skip
NETWORK_POLICY = _builtin(
    "networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", "netpol", **_SPEC,
    idle="no traffic is restricted",
)  # fmt: skip
ENDPOINT_SLICE = _builtin("discovery.k8s.io/v1", "EndpointSlice", "endpointslices", **_SPEC)
LEASE = _builtin("coordination.k8s.io/v1", "Lease", "leases")

_RBAC = "rbac.authorization.k8s.io/v1"
_ALLOWED = {"idle": "the cluster's one token may do everything"}
CLUSTER_ROLE = _builtin(_RBAC, "ClusterRole", "clusterroles", **_CLUSTER, **_ALLOWED)
CLUSTER_ROLE_BINDING = _builtin(_RBAC, "ClusterRoleBinding", "clusterrolebindings", **_CLUSTER, **_ALLOWED)
ROLE = _builtin(_RBAC, "Role", "roles", **_ALLOWED)
ROLE_BINDING = _builtin(_RBAC, "RoleBinding", "rolebindings", **_ALLOWED)

STORAGE_CLASS = _builtin("storage.k8s.io/v1", "StorageClass", "storageclasses", "sc", **_CLUSTER)
NEW_EVENT = _builtin("events.k8s.io/v1", "Event", "events", "ev")
PRIORITY_CLASS = _builtin(
    "scheduling.k8s.io/v1", "PriorityClass", "priorityclasses", "pc", **_SPEC, **_CLUSTER,
    idle="pods get its number, and none goes before another",
)  # fmt: skip
CUSTOM_RESOURCE_DEFINITION = _builtin(
    "apiextensions.k8s.io/v1", "CustomResourceDefinition", "customresourcedefinitions", "crd crds",
    **_STATUS, **_SPEC, **_CLUSTER, categories=("api-extensions",),
)  # fmt: skip
_ADMISSION = "admissionregistration.k8s.io/v1"
VALIDATING_POLICY = _builtin(
    _ADMISSION, "ValidatingAdmissionPolicy", "validatingadmissionpolicies", **_STATUS, **_SPEC, **_CLUSTER,
    otherwise="that ask for no more than comparisons of fields, of what is made or changed",
)  # fmt: skip
VALIDATING_POLICY_BINDING = _builtin(
    _ADMISSION, "ValidatingAdmissionPolicyBinding", "validatingadmissionpolicybindings", **_SPEC, **_CLUSTER
)

_AUTHORIZATION = "authorization.k8s.io/v1"
SELF_SUBJECT_REVIEW = _builtin(
    "authentication.k8s.io/v1", "SelfSubjectReview", "selfsubjectreviews", **_CLUSTER
)
LOCAL_ACCESS_REVIEW = _builtin(_AUTHORIZATION, "LocalSubjectAccessReview", "localsubjectaccessreviews")
SELF_ACCESS_REVIEW = _builtin(
    _AUTHORIZATION, "SelfSubjectAccessReview", "selfsubjectaccessreviews", **_CLUSTER
)
ACCESS_REVIEW = _builtin(_AUTHORIZATION, "SubjectAccessReview", "subjectaccessreviews", **_CLUSTER)
RULES_REVIEW = _builtin(_AUTHORIZATION, "SelfSubjectRulesReview", "selfsubjectrulesreviews", **_CLUSTER)
TOKEN_REVIEW = _builtin("authentication.k8s.io/v1", "TokenReview", "tokenreviews", **_CLUSTER)

# Asked and answered, never stored.
REVIEWS = frozenset(
    (SELF_SUBJECT_REVIEW, LOCAL_ACCESS_REVIEW, SELF_ACCESS_REVIEW, ACCESS_REVIEW, RULES_REVIEW, TOKEN_REVIEW)
)
CREATE_ONLY = REVIEWS | {BINDING}
READ_ONLY = frozenset((COMPONENT_STATUS,))

# The order in which a standard server lists its groups; the first version of a group is preferred.
_GROUPS = (
    "", "apiregistration.k8s.io", "apps", "events.k8s.io", "authentication.k8s.io", "authorization.k8s.io",
    "autoscaling", "batch", "certificates.k8s.io", "networking.k8s.io", "policy",
    "rbac.authorization.k8s.io", "storage.k8s.io", "admissionregistration.k8s.io", "apiextensions.k8s.io",
    "scheduling.k8s.io", "coordination.k8s.io", "node.k8s.io", "discovery.k8s.io", "resource.k8s.io",
    "flowcontrol.apiserver.k8s.io",
)  # fmt: skip

_CONSTANTS = tuple(value for value in tuple(globals().values()) if isinstance(value, Kind))
BUILTIN = tuple(sorted((*_CONSTANTS, *idle_kinds.every()), key=lambda kind: _GROUPS.index(kind.group)))


def builtin() -> Kinds:
    """A registry with every built-in kind."""
    return Kinds(BUILTIN)
