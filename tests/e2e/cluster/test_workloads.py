"""Jobs and StatefulSets."""

from tests.e2e.cluster.objects import apply, pod_spec, python, read, web, workload


def job(name: str, image: str, script: str, **more) -> dict:
    template = {"spec": pod_spec(python(image, script), restartPolicy="Never")}
    spec = {"template": template, **more}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": spec}


def test_a_job_runs_to_its_end(kubectl, namespace, demo):
    apply(kubectl, namespace, job("migrate", demo["v1"], "print('migrated')", completions=2))
    kubectl.ok("-n", namespace, "wait", "job/migrate", "--for=condition=Complete", "--timeout=60s")
    assert kubectl.ok("-n", namespace, "logs", "-l", "job-name=migrate") == "migrated\nmigrated\n"
    assert read(kubectl, namespace, "job/migrate")["status"]["succeeded"] == 2


def test_a_job_that_fails_is_retried_up_to_its_limit(kubectl, namespace, demo):
    apply(kubectl, namespace, job("broken", demo["v1"], "raise SystemExit(7)", backoffLimit=0))
    kubectl.ok("-n", namespace, "wait", "job/broken", "--for=condition=Failed", "--timeout=60s")
    conditions = read(kubectl, namespace, "job/broken")["status"]["conditions"]
    assert "BackoffLimitExceeded" in {condition["reason"] for condition in conditions}
    assert read(kubectl, namespace, "job/broken")["status"]["failed"] == 1


def test_a_stateful_set_starts_and_stops_its_pods_in_order(kubectl, namespace, demo):
    apply(kubectl, namespace, workload("StatefulSet", "db", pod_spec(web(demo["v1"])), 3, serviceName="db"))
    kubectl.ok("-n", namespace, "rollout", "status", "statefulset/db", "--timeout=60s")
    pods = {pod["metadata"]["name"]: pod for pod in read(kubectl, namespace, "pods")["items"]}
    assert sorted(pods) == ["db-0", "db-1", "db-2"]
    for earlier, later in (("db-0", "db-1"), ("db-1", "db-2")):
        assert ready_since(pods[earlier]) <= pods[later]["metadata"]["creationTimestamp"]
    kubectl.ok("-n", namespace, "scale", "statefulset/db", "--replicas=1")
    kubectl.ok("-n", namespace, "wait", "pod/db-2", "pod/db-1", "--for=delete", "--timeout=60s")
    assert [pod["metadata"]["name"] for pod in read(kubectl, namespace, "pods")["items"]] == ["db-0"]


def test_a_stateful_set_s_pod_comes_back_under_its_name(kubectl, namespace, demo):
    apply(kubectl, namespace, workload("StatefulSet", "db", pod_spec(web(demo["v1"])), serviceName="db"))
    kubectl.ok("-n", namespace, "rollout", "status", "statefulset/db", "--timeout=60s")
    uid = read(kubectl, namespace, "pod/db-0")["metadata"]["uid"]
    kubectl.ok("-n", namespace, "delete", "pod", "db-0")
    kubectl.ok("-n", namespace, "wait", "pod/db-0", "--for=create", "--timeout=60s")
    kubectl.ok("-n", namespace, "wait", "pod/db-0", "--for=condition=Ready", "--timeout=60s")
    assert read(kubectl, namespace, "pod/db-0")["metadata"]["uid"] != uid


def ready_since(pod: dict) -> str:
    conditions = {found["type"]: found["lastTransitionTime"] for found in pod["status"]["conditions"]}
    return conditions["Ready"]
