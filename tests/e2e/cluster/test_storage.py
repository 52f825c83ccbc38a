"""Data that outlives pods."""

from tests.e2e.cluster.objects import apply, once, python

WRITE = "open('/data/file', 'w').write('kept')"
READ = "print(open('/data/file').read())"


def claim(name: str) -> dict:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "16Mi"}}}
    metadata = {"name": name}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": metadata, "spec": spec}


def run(kubectl, namespace: str, name: str, image: str, script: str) -> str:
    """Run a script as a pod of that name with the claim mounted, and delete the pod."""
    container = python(image, script, volumeMounts=[{"name": "data", "mountPath": "/data"}])
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    context = {"fsGroup": 10001}
    apply(kubectl, namespace, once(name, container, volumes=volumes, securityContext=context))
    kubectl.ok(
        "-n", namespace, "wait", f"pod/{name}", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s"
    )
    log = kubectl.ok("-n", namespace, "logs", name)
    kubectl.ok("-n", namespace, "delete", "pod", name)
    return log


def test_a_claim_keeps_its_data_when_the_pod_is_deleted(kubectl, namespace, demo):
    apply(kubectl, namespace, claim("data"))
    run(kubectl, namespace, "writer", demo["v1"], WRITE)
    assert run(kubectl, namespace, "reader", demo["v1"], READ) == "kept\n"
    kubectl.until("Bound", "-n", namespace, "get", "persistentvolumeclaims")


def test_a_pod_waits_for_a_claim_that_is_not_there(kubectl, namespace, demo):
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "nosuch"}}]
    apply(kubectl, namespace, once("waiting", python(demo["v1"]), volumes=volumes))
    kubectl.until('persistentvolumeclaim "nosuch" not found', "-n", namespace, "get", "events")
    kubectl.until("Pending", "-n", namespace, "get", "pods")
