"""What a new cluster holds, and what a new namespace holds."""

from aks_flow.rehearsal.standins.kubernetes.kinds import kinds
from aks_flow.rehearsal.standins.kubernetes.validation.policy import SYSTEM_PRIORITIES

NAMESPACES = ("default", "kube-system", "kube-public", "kube-node-lease")
ROOT_CERTIFICATE = "kube-root-ca.crt"
_DESCRIPTION = (
    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such "
    "as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions "
    "of Kubernetes clusters."
)


_FOR = "Used for system critical pods that must"
_PRIORITIES = {
    "system-cluster-critical": f"{_FOR} run in the cluster, but can be moved to another node if necessary.",
    "system-node-critical": f"{_FOR} not be moved from their current node.",
}


def furnish_cluster(objects) -> None:
    """Create the standard namespaces and priority classes, if they are missing."""
    for name in NAMESPACES:
        if not objects.find(kinds.NAMESPACE, "", name):
            objects.create(kinds.NAMESPACE, {"metadata": {"name": name}})
    for name, text in _PRIORITIES.items():
        if not objects.find(kinds.PRIORITY_CLASS, "", name):
            item = {"metadata": {"name": name}, "value": SYSTEM_PRIORITIES[name], "description": text}
            objects.create(kinds.PRIORITY_CLASS, item)


def furnish_namespace(objects, namespace: dict) -> None:
    """Create what every namespace holds: an account for its pods and the certificate they trust."""
    name = namespace["metadata"]["name"]
    if "deletionTimestamp" in namespace["metadata"]:
        return
    account = {"metadata": {"name": "default", "namespace": name}}
    certificate = {
        "metadata": {
            "name": ROOT_CERTIFICATE,
            "namespace": name,
            "annotations": {"kubernetes.io/description": _DESCRIPTION},
        },
        "data": {"ca.crt": objects.certificate},
    }
    for kind, item in ((kinds.SERVICE_ACCOUNT, account), (kinds.CONFIG_MAP, certificate)):
        if not objects.find(kind, name, item["metadata"]["name"]):
            objects.create(kind, item)
