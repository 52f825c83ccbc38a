"""A namespace and what is in it."""

from tests.e2e.cluster.objects import apply, config_map, pod, python, service


def test_deleting_a_namespace_deletes_everything_in_it(kubectl, namespace, demo):
    apply(kubectl, namespace, config_map("settings"), service("idle"), pod("idle", python(demo["v1"])))
    kubectl.ok("-n", namespace, "wait", "pod/idle", "--for=condition=Ready", "--timeout=60s")
    kubectl.ok("delete", "namespace", namespace, "--timeout=90s")
    kubectl.ok("create", "namespace", namespace)
    assert kubectl.ok("-n", namespace, "get", "pods,services", "-o", "name") == ""
    assert "settings" not in kubectl.ok("-n", namespace, "get", "configmaps", "-o", "name")


def test_a_terminating_namespace_takes_no_new_objects(kubectl, namespace, demo):
    slow = pod("slow", python(demo["v1"]), terminationGracePeriodSeconds=5)
    apply(kubectl, namespace, slow)
    kubectl.ok("-n", namespace, "wait", "pod/slow", "--for=condition=Ready", "--timeout=60s")
    kubectl.ok("delete", "namespace", namespace, "--wait=false")
    answer = kubectl("-n", namespace, "create", "configmap", "late")
    assert answer.exit == 1
    assert "because it is being terminated" in answer.stderr
    kubectl.ok("wait", f"namespace/{namespace}", "--for=delete", "--timeout=60s")
    kubectl.ok("create", "namespace", namespace)
