"""What the identities need within the cluster and no role of Azure gives them: Kubernetes' own roles.

Azure's "RBAC Writer" for a namespace neither writes the Namespace object, which a delivery compares and
applies with the rest, nor knows Argo CD's Applications, which the pull path reads and asks to refresh, nor
the Gateway API, which Kubernetes has as custom kinds. What else it does not write is the team's to give.
"""

from collections.abc import Iterator, Mapping

import yaml

from aks_flow.azure.identity import access, pod_security
from aks_flow.core.config import Config
from aks_flow.tools.kubectl import resources

ROLE = "aks-flow"
_NAMESPACE_RULE = {"apiGroups": [""], "resources": ["namespaces"], "verbs": ["get", "patch"]}
_READ = ["get", "list", "watch"]
_GATEWAYS = {
    "apiGroups": ["gateway.networking.k8s.io"],
    "resources": ["*"],
    "verbs": [*_READ, "create", "update", "patch", "delete"],
}

# What "RBAC Writer" writes, by group:
# https://learn.microsoft.com/azure/role-based-access-control/built-in-roles/containers
_WRITTEN = {
    "": "ConfigMap Endpoints PersistentVolumeClaim Pod ReplicationController Secret Service ServiceAccount",
    "apps": "DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling": "HorizontalPodAutoscaler",
    "batch": "CronJob Job",
    "coordination.k8s.io": "Lease",
    "networking.k8s.io": "Ingress NetworkPolicy",
    "policy": "PodDisruptionBudget",
}


def writes(config: Config, item: Mapping) -> bool:
    """Whether who delivers may write an object of this kind: by Azure's role, or by those of here."""
    group, kind = item["apiVersion"].rpartition("/")[0], item["kind"]
    if (group, kind) == ("", "Namespace"):
        return True
    has_gateways = config.azure.cluster.ingress == "gateway"
    return kind in _WRITTEN.get(group, "").split() or (has_gateways and group in _GATEWAYS["apiGroups"])


def namespaces(config: Config) -> str:
    """The environments' Namespace objects: who delivers there may not make them."""
    labels = pod_security.labels(config)
    return yaml.safe_dump_all(
        resources.namespace(environment.namespace, labels)
        for environment in config.environments_here.values()
    )


def roles(config: Config, principals: Mapping[str, str]) -> str:
    """Roles and bindings of each environment's namespace. principals: object ids by identity."""
    own = access.identities(config)
    rules = [_NAMESPACE_RULE, *([_GATEWAYS] if config.azure.cluster.ingress == "gateway" else [])]
    return yaml.safe_dump_all(
        item
        for name, environment in config.environments_here.items()
        for item in _bound(environment.namespace, ROLE, rules, _writing(config, own, principals, name))
    )


def applications(config: Config, principals: Mapping[str, str]) -> str:
    """Roles and bindings where the Application objects are: each deliverer for its own, readers for all."""
    own, where = access.identities(config), config.gitops.namespace
    readers = [
        principals[own[name]] for name, does in config.azure.github.environments.items() if does == "read"
    ]
    deliverers = {name: _writing(config, own, principals, name) for name in config.environments_here}
    reading = [*readers, *(who for several in deliverers.values() for who in several)]
    return yaml.safe_dump_all(
        [
            *_bound(where, f"{ROLE}-read", [_applications(_READ)], reading),
            *(item for name, who in deliverers.items() for item in _refresh(config, where, name, who)),
        ]
    )


def _writing(
    config: Config, own: Mapping[str, str], principals: Mapping[str, str], environment: str
) -> list[str]:
    """Who writes to an environment: who delivers there, or goes back there."""
    return [principals[who] for name, who in own.items() if access.delivers_to(config, name) == environment]


def _refresh(config: Config, where: str, name: str, who: list[str]) -> Iterator[dict]:
    rule = _applications(["patch"]) | {"resourceNames": [config.environments_here[name].namespace]}
    return _bound(where, f"{ROLE}-{name}", [rule], who)


def _applications(verbs: list[str]) -> dict:
    return {"apiGroups": ["argoproj.io"], "resources": ["applications"], "verbs": verbs}


def _bound(namespace: str, name: str, rules: list[dict], users: list[str]) -> Iterator[dict]:
    """A Role and its binding; to Entra ID's users Kubernetes says their object id."""
    api, about = "rbac.authorization.k8s.io", {"name": name, "namespace": namespace}
    subjects = [{"apiGroup": api, "kind": "User", "name": user} for user in users]
    yield {"apiVersion": f"{api}/v1", "kind": "Role", "metadata": about, "rules": rules}
    yield {
        **{"apiVersion": f"{api}/v1", "kind": "RoleBinding", "metadata": about, "subjects": subjects},
        "roleRef": {"apiGroup": api, "kind": "Role", "name": name},
    }
