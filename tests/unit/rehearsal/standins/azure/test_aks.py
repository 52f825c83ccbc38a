"""Kubernetes API paths as Azure's and Kubernetes' roles see them."""

import pytest

from aks_flow.rehearsal.standins.azure.aks import kubernetes_roles
from aks_flow.rehearsal.standins.azure.aks.kubernetes_roles import Held
from aks_flow.rehearsal.standins.azure.aks.request import requested_action

_CLUSTER = "Microsoft.ContainerService/managedClusters"


@pytest.mark.parametrize(
    ("method", "path", "action", "namespace", "verb"),
    [
        ("GET", "/api/v1/namespaces/n/pods", "pods/read", "n", "list"),
        ("GET", "/api/v1/namespaces/n/pods/p/log", "pods/read", "n", "get"),
        ("POST", "/api/v1/namespaces/n/pods/p/exec", "pods/exec/action", "n", "create"),
        ("PATCH", "/apis/apps/v1/namespaces/n/deployments/d", "apps/deployments/write", "n", "patch"),
        ("DELETE", "/api/v1/namespaces/n", "namespaces/delete", "n", "delete"),
        ("PATCH", "/api/v1/namespaces/n/status", "namespaces/write", "n", "patch"),
        ("GET", "/api/v1/nodes", "nodes/read", "", "list"),
    ],
)
def test_a_path_is_an_action_in_a_namespace(method, path, action, namespace, verb):
    about = requested_action(method, path)
    assert (about.action, about.namespace, about.verb) == (f"{_CLUSTER}/{action}", namespace, verb)


@pytest.mark.parametrize("path", ["/", "/version", "/api", "/api/v1", "/apis/apps/v1", "/openapi/v3"])
def test_discovery_is_about_no_resource(path):
    assert requested_action("GET", path) is None


def test_kubernetes_own_role_permits_what_its_rules_name_and_to_whom_it_is_bound():
    rule = {"apiGroups": ["argoproj.io"], "resources": ["applications"], "verbs": ["get", "patch"]}
    role = {"kind": "Role", "metadata": {"name": "r"}, "rules": [rule | {"resourceNames": ["mine"]}]}
    binding = {"roleRef": {"kind": "Role", "name": "r"}, "subjects": [{"kind": "User", "name": "u"}]}
    held = Held([role], [binding])
    path = "/apis/argoproj.io/v1alpha1/namespaces/argocd/applications"
    assert kubernetes_roles.permits(held, "u", requested_action("PATCH", f"{path}/mine"))
    assert not kubernetes_roles.permits(held, "u", requested_action("PATCH", f"{path}/other"))
    assert not kubernetes_roles.permits(held, "u", requested_action("GET", path))
    assert not kubernetes_roles.permits(held, "somebody", requested_action("PATCH", f"{path}/mine"))
