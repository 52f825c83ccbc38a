"""What people do to a cluster that is delivered to: said at the plan, or waited for. On any cluster."""

import json

import pytest

from aks_flow.rehearsal.scenarios.drills import faults
from tests.e2e.push.clones import until_line
from tests.e2e.push.conftest import CLONES, NAMESPACE
from tests.e2e.push.test_jobs import GONE_AT_ONCE
from tests.e2e.scale import only_in_full

pytestmark = only_in_full

IN = ("-n", NAMESPACE)
# What somebody does; what puts it right; what the plan says.
STOPPED = {
    "paused": (
        ("rollout", "pause", "deployment/front"),
        ("rollout", "resume", "deployment/front"),
        f"deployment/front is paused: `kubectl --namespace {NAMESPACE} rollout resume deployment/front`",
    ),
    "scaled to 0": (
        ("scale", "deployment/front", "--replicas=0"),
        ("scale", "deployment/front", "--replicas=1"),
        "deployment/front is scaled to 0, and the manifests leave it so: `kubectl",
    ),
}


@pytest.mark.parametrize(("stop", "go_on", "says"), STOPPED.values(), ids=STOPPED)
def test_what_was_stopped_by_hand_is_said_at_the_plan(project, delivered, kubectl, stop, go_on, says):
    kubectl.ok(*IN, *stop)
    try:
        [said] = project.document("push.plan")["obstacles"]
        refused = project.inv("push")
    finally:
        kubectl.ok(*IN, *go_on)
    assert says in said and refused.exit == 1
    assert says in refused.stderr and "nothing was changed" in refused.stderr


def test_a_suspended_job_is_said_at_the_plan(project, changed, kubectl):
    spec = {"suspend": True, "template": {"spec": {"restartPolicy": "Never", "containers": [_CONTAINER]}}}
    job = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "clean"}, "spec": spec}
    kubectl.ok(*IN, "create", "--filename=-", stdin=json.dumps(job))
    try:
        changed(faults.with_resources("clean.yaml"), clean=GONE_AT_ONCE)
        said = project.document("push.plan")["obstacles"]
    finally:
        kubectl.ok(*IN, "delete", "job", "clean")
    assert [text.partition(":")[0] for text in said] == ["job/clean is suspended"]


_CONTAINER = {"name": "clean", "image": "front.invalid/clean:1"}


READER = {"name": "redis", "envFrom": [{"configMapRef": {"name": "plain"}}]}
PLAIN = "{apiVersion: v1, kind: ConfigMap, metadata: {name: plain}, data: {WORD: TEXT}}\n"


def test_replicas_that_leave_the_manifests_and_pods_that_keep_old_values_are_said(project, changed):
    reads = faults.with_patch("StatefulSet", "redis", {"template": {"spec": {"containers": [READER]}}})
    changed(lambda text: WITH_PLAIN(reads(text)), plain=PLAIN.replace("TEXT", "old"))
    changed(faults.with_patch("Deployment", "front", {"replicas": 2}))
    project.document("push")
    project.git("revert", "--no-edit", "HEAD")
    project.commit("manifests/overlays/dev/plain.yaml", PLAIN.replace("TEXT", "new"))
    said = "\n".join(project.document("push.plan")["remarks"])
    assert "deployment/front: replicas 2 → 1" in said
    assert "configmap/plain changes, and the pods of statefulset/redis do not restart (their environ" in said


WITH_PLAIN = faults.with_resources("plain.yaml")


def test_more_pods_of_an_autoscaler_are_waited_for(project, changed, kubectl):
    changed(lambda text: text.replace("minReplicas: 1", "minReplicas: 2"))
    assert project.document("push")["outcome"]["changed"]
    ready = kubectl.ok(*IN, "get", "deployment", "front", "-o", "jsonpath={.status.readyReplicas}")
    assert ready == "2"


HELD = {"name": "held", "finalizers": ["example.com/held"]}
LET_GO = """--patch={"metadata": {"finalizers": null}}"""


def test_a_namespace_that_is_going_is_waited_for_and_what_it_had_is_no_history(clones, kubectl):
    staging, place = clones["staging"], ("-n", f"{CLONES}-staging")
    held = json.dumps({"apiVersion": "v1", "kind": "ConfigMap", "metadata": HELD})
    kubectl.ok(*place, "create", "--filename=-", stdin=held)
    kubectl.ok("delete", "namespace", f"{CLONES}-staging", "--wait=false")
    process = staging.start("push", "--env", "staging")
    until_line(process, f".*waits for the end of namespace/{CLONES}-staging")
    kubectl.ok(*place, "patch", "configmap", "held", "--type=merge", LET_GO)
    stdout, stderr = process.communicate(timeout=300)
    assert process.returncode == 0, stdout + stderr
    assert 0 < stdout.index("is gone, and is made anew") < stdout.index("ok     lock")
    assert [row["revision"] for row in staging.document("push.history", "--env", "staging")] == [1]
