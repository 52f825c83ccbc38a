"""What limits a namespace: quotas on creation, disruption budgets on a drain."""

import pytest

from tests.e2e.cluster.objects import apply, pod_spec, read, web, workload


def test_a_quota_stops_a_workload_and_says_so(kubectl, namespace, demo):
    kubectl.ok("-n", namespace, "create", "quota", "small", "--hard=pods=1")
    apply(kubectl, namespace, workload("Deployment", "web", pod_spec(web(demo["v1"])), replicas=2))
    kubectl.until("exceeded quota: small, requested: pods=1", "-n", namespace, "get", "events")
    kubectl.until("1     1", "-n", namespace, "describe", "quota", "small")
    refused = kubectl("-n", namespace, "run", "one-more", f"--image={demo['v1']}")
    assert refused.exit == 1
    assert 'pods "one-more" is forbidden: exceeded quota: small' in refused.stderr


def test_a_drain_waits_for_the_disruption_budget(cluster, kubectl, namespace, demo):
    if not cluster.standin:
        pytest.skip("the nodes of a standard cluster are not ours to drain")
    apply(kubectl, namespace, workload("Deployment", "web", pod_spec(web(demo["v1"])), replicas=2))
    kubectl.ok("-n", namespace, "create", "pdb", "web", "--selector=app=web", "--min-available=1")
    kubectl.ok("-n", namespace, "rollout", "status", "deployment/web", "--timeout=60s")
    kubectl.until("1", "-n", namespace, "get", "pdb", "web", "-o", "jsonpath={.status.disruptionsAllowed}")
    drain = ("drain", "rehearsal", f"--pod-selector=app=web,pod-template-hash={hash_of(kubectl, namespace)}")
    try:
        refused = kubectl(*drain, "--timeout=4s")
    finally:
        kubectl.ok("uncordon", "rehearsal")
    assert refused.exit == 1
    assert "Cannot evict pod as it would violate the pod's disruption budget." in refused.stderr
    ready = "jsonpath={.status.readyReplicas}"
    assert int(kubectl.ok("-n", namespace, "get", "deployment", "web", "-o", ready)) >= 1


def hash_of(kubectl, namespace: str) -> str:
    (found,) = {
        each["metadata"]["labels"]["pod-template-hash"] for each in read(kubectl, namespace, "pods")["items"]
    }
    return found
