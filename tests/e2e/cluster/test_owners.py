"""What happens to an object's dependents when it is deleted."""

import pytest

from tests.e2e.cluster.objects import apply, config_map, pod_spec, python, read, workload


@pytest.fixture
def idle(kubectl, namespace, demo) -> str:
    """A Deployment with two running pods."""
    apply(kubectl, namespace, workload("Deployment", "idle", pod_spec(python(demo["v1"])), replicas=2))
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/idle", "--timeout=60s")
    return namespace


def dependents(kubectl, namespace: str) -> list[str]:
    return kubectl.ok("-n", namespace, "get", "replicasets,pods", "-o", "name").split()


def test_deleting_a_deployment_deletes_its_replica_sets_and_pods(kubectl, idle):
    kubectl.ok("-n", idle, "delete", "deployment", "idle")
    kubectl.ok("-n", idle, "wait", "pods", "--all", "--for=delete", "--timeout=30s")
    assert dependents(kubectl, idle) == []


def test_orphaning_leaves_the_dependents_without_their_owner(kubectl, idle):
    before = dependents(kubectl, idle)
    kubectl.ok("-n", idle, "delete", "deployment", "idle", "--cascade=orphan")
    assert dependents(kubectl, idle) == before
    replica_sets = read(kubectl, idle, "replicasets")["items"]
    assert ["ownerReferences" in found["metadata"] for found in replica_sets] == [False]


def test_foreground_deletion_ends_after_the_dependents_are_gone(kubectl, idle):
    kubectl.ok("-n", idle, "delete", "deployment", "idle", "--cascade=foreground", "--timeout=60s")
    assert dependents(kubectl, idle) == []


def test_an_object_goes_with_the_owner_that_it_names(kubectl, namespace):
    apply(kubectl, namespace, config_map("owner"))
    uid = read(kubectl, namespace, "configmap/owner")["metadata"]["uid"]
    owned = config_map("owned")
    owned["metadata"]["ownerReferences"] = [
        {"apiVersion": "v1", "kind": "ConfigMap", "name": "owner", "uid": uid}
    ]
    apply(kubectl, namespace, owned)
    kubectl.ok("-n", namespace, "delete", "configmap", "owner")
    kubectl.ok("-n", namespace, "wait", "configmap/owned", "--for=delete", "--timeout=30s")
