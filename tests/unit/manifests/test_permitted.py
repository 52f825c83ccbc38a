"""Which of a project's objects its AppProject does not permit."""

import pytest

from aks_flow.manifests import permitted
from tests.unit.rendering import ENVIRONMENTS, OVERLAYS, ROOT, rendered

OURS = (ROOT / "manifests/argocd/project.yaml").read_text()


def item(api_version: str, kind: str, name: str = "web", **metadata: str) -> dict:
    return {"apiVersion": api_version, "kind": kind, "metadata": {"name": name, **metadata}}


# An object -> what is to be added for it, "" if our own AppProject permits it.
OBJECTS = {
    "a Deployment": (item("apps/v1", "Deployment"), ""),
    "a namespace of ours": (item("v1", "Namespace", "vote-dev"), ""),
    "another namespace": (
        item("v1", "Namespace", "kube-system"),
        '`- {group: "", kind: Namespace}` to `spec.clusterResourceWhitelist`',
    ),
    "a PreSync hook": (
        item("batch/v1", "Job", "migrate", annotations={"argocd.argoproj.io/hook": "PreSync"}),
        '`- {group: "batch", kind: Job}` to `spec.namespaceResourceWhitelist`',
    ),
    "a ClusterRole": (
        item("rbac.authorization.k8s.io/v1", "ClusterRole"),
        '`- {group: "rbac.authorization.k8s.io", kind: ClusterRole}` to `spec.clusterResourceWhitelist`',
    ),
    "a kind of somebody else's": (
        item("example.com/v1", "Widget", namespace="vote-dev"),
        '`- {group: "example.com", kind: Widget}` to `spec.namespaceResourceWhitelist`',
    ),
    "a namesake of another group": (
        item("example.com/v1", "Deployment", namespace="vote-dev"),
        '`- {group: "example.com", kind: Deployment}` to `spec.namespaceResourceWhitelist`',
    ),
}
TEAM = (
    *(("batch/v1", "Job"), ("batch/v1", "CronJob"), ("v1", "ServiceAccount")),
    *(("networking.k8s.io/v1", "Ingress"), ("gateway.networking.k8s.io/v1", "HTTPRoute")),
    *(("v1", "PersistentVolumeClaim"), ("secrets-store.csi.x-k8s.io/v1", "SecretProviderClass")),
)


@pytest.mark.parametrize(("thing", "entry"), OBJECTS.values(), ids=OBJECTS)
def test_what_is_not_permitted_is_named_with_what_to_add(thing, entry):
    refused = permitted.refused(OURS, [thing])
    assert [*map(permitted.entry, refused)] == ([entry] if entry else [])


@pytest.mark.parametrize(("api_version", "kind"), TEAM)
def test_what_is_added_as_told_is_permitted(api_version, kind):
    thing = item(api_version, kind, namespace="vote-dev")
    [refused] = permitted.refused(OURS, [thing])
    line = permitted.entry(refused).split("`")[1]
    key = "  namespaceResourceWhitelist:\n"
    assert permitted.refused(OURS.replace(key, f"{key}    {line}\n"), [thing]) == []


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_our_own_permits_all_that_we_have(environment):
    assert permitted.refused(OURS, rendered(OVERLAYS / environment)) == []


def test_a_project_without_a_list_permits_all_but_the_cluster_s():
    objects = [item("batch/v1", "Job"), item("v1", "Namespace")]
    assert permitted.refused("spec: {}", objects) == objects[1:]
